import { useEffect } from "preact/hooks";
import { strings } from "../../i18n";
import { Icon } from "../../ui/icons";
import { filling, holding, press, release, tap, viewing } from "./camera";

interface Props {
  id: string;
  name: string;
  primary: boolean;
  disabled: boolean;
}

/** Takes pictures into a class while it is pressed: by mouse, finger, pen, Space or Enter. */
export function HoldButton({ id, name, primary, disabled }: Props) {
  const { camera } = strings.value.data;
  const here = filling.value === id;
  const held = here && holding.value;
  // A button that goes while it is pressed is released by nobody.
  useEffect(() => () => void (filling.peek() === id && release()), [id]);
  // The focus leaves this button when another one is pressed: that one is held from then on.
  const letGo = () => {
    if (filling.peek() === id) release();
  };
  const isHoldKey = ({ key }: KeyboardEvent) => key === " " || key === "Enter";
  return (
    <button
      type="button"
      class={primary ? "button primary class-hold" : "button class-hold"}
      data-testid="class-camera"
      data-holding={held}
      aria-label={camera.label(name)}
      aria-description={camera.help}
      disabled={disabled}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        press(id);
      }}
      onPointerUp={letGo}
      onPointerCancel={letGo}
      onLostPointerCapture={letGo}
      onKeyDown={(event) => {
        if (!isHoldKey(event)) return;
        event.preventDefault();
        if (!event.repeat) press(id);
      }}
      onKeyUp={(event) => {
        if (!isHoldKey(event)) return;
        event.preventDefault();
        letGo();
      }}
      onBlur={letGo}
      onClick={(event) => {
        // Neither a pointer nor a key: a screen reader or a switch that can only press.
        if (event.detail === 0) tap(id);
      }}
      onContextMenu={(event) => event.preventDefault()}
    >
      <Icon name="camera" />
      {held && viewing.value === "on" ? camera.recording : here && viewing.value !== "off" ? camera.hold : camera.open}
    </button>
  );
}
