import { strings } from "../i18n";
import { roughly, size, workDone } from "../i18n/format";
import { type Fetched, type Fetching, fetching } from "../store/fetching";
import { models } from "../store/session";

/** What is loading, how far it is and how long it will take, in words; empty when nothing is. */
export function fetchingText(what: Fetched): string {
  const now = fetching.value[what];
  if (!now) return "";
  const texts = strings.value.fetching;
  return texts.loading(nameOf(what), farText(now));
}

function nameOf(what: Fetched): string {
  const texts = strings.value.fetching;
  if (!isModel(what)) return texts[what];
  return models.value.find(({ id }) => `model ${id}` === what)?.name ?? what;
}

function isModel(what: Fetched): what is `model ${string}` {
  return what.startsWith("model ");
}

function farText({ loaded, total, secondsLeft }: Fetching): string {
  const { fetching: texts } = strings.value;
  if (total === 0) return texts.soFar(size(loaded));
  const far = texts.of(workDone(loaded / total), size(total));
  return secondsLeft === null ? far : `${far} · ${strings.value.session.left(roughly(Math.max(1, secondsLeft)))}`;
}

/** The same as a line with a bar. */
export function FetchingLine({ what }: { what: Fetched }) {
  const now = fetching.value[what];
  if (!now) return null;
  const text = fetchingText(what);
  return (
    <div class="fetching" data-testid="fetching" data-what={what} data-loaded={now.loaded} data-total={now.total || ""}>
      <progress {...(now.total > 0 && { value: now.loaded, max: now.total })} aria-label={text} />
      <span>{text}</span>
    </div>
  );
}
