import { signal, useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { MAX_LAYERS } from "../../engine/constants";
import { EngineError } from "../../engine/error";
import type { ImageShape, LayerSpec } from "../../engine/types";
import { strings } from "../../i18n";
import { whole } from "../../i18n/format";
import { editNetwork } from "../../store/network";
import { describeLayers, spec } from "../../store/plan";
import { toast } from "../../store/toasts";
import { Icon } from "../../ui/icons";
import { plainLayer } from "./layer-kinds";

/** A dialog with the text, for browsers that keep the clipboard to themselves and for text that has to be mended. */
interface Sheet {
  way: "copy" | "paste";
  text: string;
  error: string;
}

const sheet = signal<Sheet | null>(null);

/** A text that is no network, in the page's words. */
class NoNetwork extends Error {}

export async function copyLayers(): Promise<void> {
  const text = JSON.stringify(spec.value, null, 2);
  try {
    await navigator.clipboard.writeText(text);
    toast("info", strings.value.editor.copied);
  } catch {
    sheet.value = { way: "copy", text, error: "" };
  }
}

export async function pasteLayers(): Promise<void> {
  let text = "";
  try {
    text = await navigator.clipboard.readText();
    await take(text);
  } catch (error) {
    // What is not a network stays in sight; a clipboard that may not be read leaves an empty sheet.
    sheet.value = { way: "paste", text, error: error instanceof NoNetwork ? error.message : "" };
  }
}

/** Puts the network in `text` in the chosen one's place. Throws where there is none; nothing is changed then. */
async function take(text: string): Promise<void> {
  const { editor } = strings.value;
  const { name, layers, input } = parse(text);
  try {
    await describeLayers(layers);
  } catch (error) {
    const { code, message } = EngineError.from(error);
    throw code === "wrong-type" ? new NoNetwork(editor.notLayers(message)) : error;
  }
  editNetwork({ name, layers: layers.map(plainLayer) });
  const here = spec.value?.input;
  const resized = input && here && sizeText(input) !== sizeText(here);
  toast("info", resized ? editor.pastedResized(sizeText(input), sizeText(here)) : editor.pasted);
}

interface Parsed {
  name: string;
  /** As they were written; whether they are layers, the engine says. */
  layers: LayerSpec[];
  input?: ImageShape | undefined;
}

/** More layers than a network may have would all be drawn, and hold the page up. */
function few(layers: LayerSpec[]): LayerSpec[] {
  if (layers.length > MAX_LAYERS) {
    throw new NoNetwork(strings.value.editor.tooMany(whole(layers.length), whole(MAX_LAYERS)));
  }
  return layers;
}

/** A whole network, or a list of layers. */
function parse(text: string): Parsed {
  const { editor } = strings.value;
  const value = parseJson(text);
  if (Array.isArray(value)) return { name: "", layers: few(value) };
  if (typeof value !== "object" || value === null) throw new NoNetwork(editor.notNetwork);
  const { name, layers, input } = value as Partial<Parsed>;
  if (!Array.isArray(layers)) throw new NoNetwork(editor.notNetwork);
  few(layers);
  return { name: typeof name === "string" ? name.slice(0, 40) : "", layers, input };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new NoNetwork(strings.value.editor.notJson((error as Error).message));
  }
}

const sizeText = ({ channels, height, width }: ImageShape) => `${height}×${width}×${channels}`;

export function LayerJson() {
  const ref = useRef<HTMLDialogElement>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  useSignalEffect(() => {
    if (!sheet.value || ref.current?.open) return;
    ref.current?.showModal();
    area.current?.select();
  });
  const { editor, close } = strings.value;
  const shown = sheet.value;
  const shut = () => ref.current?.close();
  const use = async () => {
    const text = area.current?.value ?? "";
    try {
      await take(text);
      shut();
    } catch (error) {
      sheet.value = { way: "paste", text, error: (error as Error).message };
    }
  };
  const title = shown?.way === "copy" ? editor.copyTitle : editor.pasteTitle;
  return (
    // A click beside the card reaches the dialog itself; the keyboard's way out is Escape, which dialogs have.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    <dialog
      ref={ref}
      class="term-dialog"
      data-testid="layers-json-dialog"
      aria-label={title}
      onClose={() => {
        sheet.value = null;
      }}
      onClick={(event) => {
        if (event.target === ref.current) shut();
      }}
    >
      {shown && (
        <div class="term-card">
          <div class="panel-head">
            <h2>{title}</h2>
            <button type="button" class="icon-button" aria-label={close} onClick={shut}>
              <Icon name="close" />
            </button>
          </div>
          <p class="muted">{shown.way === "copy" ? editor.copyHint : editor.pasteHint}</p>
          <textarea
            ref={area}
            class="layers-json"
            data-testid="layers-json"
            aria-label={title}
            aria-invalid={shown.error !== ""}
            rows={14}
            spellcheck={false}
            readOnly={shown.way === "copy"}
            defaultValue={shown.text}
          />
          {shown.error && (
            <p class="layers-json-error" role="alert" data-testid="layers-json-error">
              {shown.error}
            </p>
          )}
          {shown.way === "paste" && (
            <div>
              <button type="button" class="button primary" data-testid="layers-json-use" onClick={() => void use()}>
                {editor.pasteUse}
              </button>
            </div>
          )}
        </div>
      )}
    </dialog>
  );
}
