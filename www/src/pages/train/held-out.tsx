import { className, strings } from "../../i18n";
import { sureness, whole } from "../../i18n/format";
import { dataset, type HeldOutAnswer, heldOut } from "../../store/run";
import { Icon } from "../../ui/icons";
import { Picture } from "../../ui/picture";

type Image = { pixels: Uint8Array; label: number };

/** A few images that are never trained on, with what the network of the moment answers: they turn right as it learns. */
export function HeldOutTiles() {
  const now = heldOut.value;
  if (!now) return null;
  const { train } = strings.value;
  const { images, last, height, width } = now;
  const right = images.filter(({ label }, i) => last?.answers[i]?.index === label).length;
  const title = train.heldOut(images.length);
  return (
    <section class="card held-out" aria-label={title} data-testid="held-out" data-right={last ? right : ""}>
      <h3>
        {title}
        {last && <span class="muted"> {train.heldOutRight(right, whole(last.step))}</span>}
      </h3>
      <ul class={classes().some((name) => name.length > 2) ? "tiles named" : "tiles"}>
        {images.map((image, i) => (
          // They are the same ones all along.
          <Tile key={`${i} ${image.label}`} image={image} height={height} width={width} answer={last?.answers[i]} />
        ))}
      </ul>
    </section>
  );
}

function classes(): readonly string[] {
  return dataset.value?.classes ?? [];
}

function nameOf(label: number): string {
  return className(classes()[label] ?? String(label));
}

interface TileProps {
  image: Image;
  height: number;
  width: number;
  answer: HeldOutAnswer | undefined;
}

function Tile({ image, height, width, answer }: TileProps) {
  const { train } = strings.value;
  const truth = nameOf(image.label);
  const right = answer ? answer.index === image.label : null;
  const said = answer ? nameOf(answer.index) : "";
  const title = answer ? train.tile(truth, said, sureness(answer.p)) : truth;
  return (
    <li class="tile" data-testid="held-out-tile" data-right={right ?? ""} title={title}>
      <Picture pixels={image.pixels} height={height} width={width} label={title} />
      <span class="tile-answer" aria-hidden="true">
        {right !== null && <Icon name={right ? "check" : "close"} />}
        <span>{said || "–"}</span>
      </span>
    </li>
  );
}
