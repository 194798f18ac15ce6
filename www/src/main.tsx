import { effect } from "@preact/signals";
import { render } from "preact";
import { App } from "./app";
import { macrotask } from "./engine/macrotask";
import { mendLanguage } from "./i18n/valid-language";
import { route } from "./router";
import { restoreDatasets } from "./store/own/list";
import { beginSession, suit } from "./store/session";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/shell.css";
import "./styles/drawing.css";

mendLanguage();
effect(() => suit(route.value === "photos" || route.value === "camera" ? "lite0" : "digits"));
// First of all, so that the engine compiles while the page is drawn.
void beginSession();
void restoreDatasets();

// In a task of its own: evaluating the modules and drawing the page in one would hold up the first input.
await macrotask();
const root = document.getElementById("app");
if (root) render(<App />, root);
