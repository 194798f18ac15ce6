import { strings } from "../i18n";
import { size, workDone } from "../i18n/format";
import { arriving, cancelArriving } from "../store/opening";
import "../styles/arriving.css";

/** A large model's file on its way in: how far it is, and the way out. */
export function ArrivingLine() {
  const now = arriving.value;
  if (!now) return null;
  const { opened, fetching, session } = strings.value;
  const { name, loaded, total } = now;
  const read = loaded >= total;
  const text = read ? opened.looking(name) : opened.reading(name, fetching.of(workDone(loaded / total), size(total)));
  return (
    <div class="arriving" data-testid="model-arriving" data-loaded={loaded} data-total={total}>
      <progress {...(!read && { value: loaded, max: total })} aria-label={text} />
      <span>{text}</span>
      <button type="button" class="button quiet" data-testid="model-arriving-cancel" onClick={cancelArriving}>
        {session.cancel}
      </button>
    </div>
  );
}
