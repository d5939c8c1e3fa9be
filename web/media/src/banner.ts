// The page of a banner.
import { start } from "./page";

start("banner");
