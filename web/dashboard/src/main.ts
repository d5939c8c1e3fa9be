// Starts the dashboard.
import { mount } from "svelte";
import "@hark/ui/tokens.css";
import "@hark/ui/base.css";
import App from "./app/App.svelte";

mount(App, { target: document.getElementById("dashboard")! });
