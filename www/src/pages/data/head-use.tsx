import { useSignal } from "@preact/signals";
import { strings } from "../../i18n";
import { go } from "../../router";
import { useHead } from "../../store/own/head";
import { samples } from "../../store/own/open";
import { Icon } from "../../ui/icons";

interface Props {
  primary: boolean;
  testId: string;
}

/** Makes it the current model, and goes where it is used. */
export function HeadUse({ primary, testId }: Props) {
  const busy = useSignal(false);
  const use = async () => {
    busy.value = true;
    const went = await useHead();
    busy.value = false;
    if (went) go(mostlyFromCamera() ? "camera" : "photos");
  };
  return (
    <button
      type="button"
      class={primary ? "button primary" : "button"}
      data-testid={testId}
      aria-busy={busy.value}
      disabled={busy.value}
      onClick={() => void use()}
    >
      {strings.value.head.use}
      <Icon name="next" />
    </button>
  );
}

/** Whoever learned from a camera tries with the camera. */
function mostlyFromCamera(): boolean {
  const all = samples.peek();
  return all.filter(({ origin }) => origin === "camera").length * 2 > all.length;
}
