import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { strings } from "../../i18n";
import { dropTried, triedPicture, tryPicture } from "../../store/own/head";
import { toast } from "../../store/toasts";
import { Icon } from "../../ui/icons";
import { takenFrom } from "../../ui/incoming";
import { close, fault, tryIt, trying } from "./camera";
import { CameraView } from "./camera-view";

/** What the model is shown, its answer, and ways to show it something else; none of it joins the dataset. */
export function HeadAttempt({ children }: { children: ComponentChildren }) {
  const { attempt } = strings.value.head;
  const input = useRef<HTMLInputElement>(null);
  const over = useSignal(false);
  return (
    // Files are dropped anywhere in it; whoever has no mouse has the button.
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    <div
      class="head-try"
      data-testid="head-try"
      data-over={over.value}
      onDragOver={(event) => {
        if (!event.dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        over.value = true;
      }}
      onDragLeave={() => {
        over.value = false;
      }}
      onDrop={(event) => {
        over.value = false;
        if (!event.dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        // It is not for the dataset; what the page shows while files are dragged goes as if they had left.
        event.stopPropagation();
        dispatchEvent(new DragEvent("dragleave"));
        attemptWith([...event.dataTransfer.files]);
      }}
      onPaste={(event) => {
        const files = [...(event.clipboardData?.files ?? [])];
        if (files.length === 0) return;
        event.preventDefault();
        event.stopPropagation();
        attemptWith(files);
      }}
    >
      {trying.value && <CameraView label={attempt.view} />}
      {!trying.value && triedPicture.value && <Tried address={triedPicture.value} />}
      {children}
      <p class="small">{attempt.with}</p>
      <div class="head-ways">
        <button type="button" class="button" data-testid="head-try-open" onClick={() => input.current?.click()}>
          <Icon name="picture" />
          {attempt.file}
        </button>
        <button
          type="button"
          class="button"
          data-testid="head-camera"
          aria-pressed={trying.value}
          title={attempt.cameraHint}
          onClick={() => (trying.value && !fault.value ? close() : tryIt())}
        >
          <Icon name="camera" />
          {attempt.camera}
        </button>
        <input
          ref={input}
          class="unseen"
          type="file"
          accept="image/*"
          data-testid="head-try-input"
          aria-label={attempt.file}
          tabIndex={-1}
          onChange={(event) => attemptWith(takenFrom(event))}
        />
      </div>
      <p class="muted small">{attempt.hint}</p>
    </div>
  );
}

function Tried({ address }: { address: string }) {
  const { attempt } = strings.value.head;
  return (
    <figure class="head-tried">
      <img src={address} alt={attempt.tried} data-testid="head-tried" />
      <button
        type="button"
        class="icon-button"
        aria-label={attempt.remove}
        title={attempt.remove}
        data-testid="head-tried-remove"
        onClick={dropTried}
      >
        <Icon name="close" />
      </button>
    </figure>
  );
}

function attemptWith(files: readonly File[]): void {
  if (files.length === 0) return;
  const picture = files.find(({ type }) => type.startsWith("image/"));
  if (!picture) {
    toast("info", strings.peek().head.attempt.notPicture);
    return;
  }
  if (trying.peek()) close();
  tryPicture(picture, "picture");
}
