// Starts the messenger in the document that the SDK opened.
import { mount } from "svelte";
import Messenger from "./Messenger.svelte";
import "./app.css";

const target = document.getElementById("messenger");
if (target) mount(Messenger, { target });
