import { render } from "preact";
import { App } from "./app";
import { beginSession } from "./store/session";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/shell.css";
import "./styles/drawing.css";

// First of all, so that the engine compiles while the page is drawn.
void beginSession();

const root = document.getElementById("app");
if (root) render(<App />, root);
