// The page of a modal.
import { start } from "./page";

start("modal");
