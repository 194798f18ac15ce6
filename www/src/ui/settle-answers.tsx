import type { ModelInfo, Tried } from "../engine/types";
import { className, strings } from "../i18n";
import { percent, plain, sureness } from "../i18n/format";
import { type Candidate, type Settling, type TrialSample, tried } from "../store/settling";
import { Picture } from "./picture";

/** Samples with no name of a class are photos, which show what they are. */
function sampleText({ label, name }: TrialSample): string {
  return strings.value.opening.sampleOf(className(label ?? name));
}

/** What becomes of each sample under what is chosen. */
export function Answers({ now }: { now: Settling }) {
  const { opening } = strings.value;
  const { samples, known, info } = now;
  if (samples.length === 0) return null;
  return (
    <ul class="settle-samples" aria-label={opening.withThis}>
      {samples.map((sample, at) => {
        const one = tried.value.get(`${known}:${at}`);
        return (
          <li
            key={sample.name}
            data-testid="settle-sample"
            data-sample={sample.label ?? sample.name}
            data-label={one?.predictions[0]?.label ?? ""}
            data-p={plain(one?.predictions[0]?.p)}
          >
            <Seen one={one} info={info} sample={sample} />
            <Said one={one} />
          </li>
        );
      })}
    </ul>
  );
}

/** All ways side by side, on one sample, and what each was worth on all of them. */
export function EachWay({ now }: { now: Settling }) {
  const { opening } = strings.value;
  const { candidates, samples, info } = now;
  const [sample] = samples;
  if (!sample) return null;
  const labelled = candidates.some(({ weighed }) => weighed?.accuracy !== undefined);
  return (
    <details class="settle-ways">
      <summary>{opening.eachWay}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard. */}
      <section class="settle-scroll" tabIndex={0} aria-label={opening.eachWay}>
        <table class="small">
          <thead>
            <tr>
              <th scope="col">{opening.way}</th>
              <th scope="col">{opening.seen}</th>
              <th scope="col">{opening.answer}</th>
              <th scope="col">{labelled ? opening.worth : opening.worthSure}</th>
            </tr>
          </thead>
          <tbody>
            {candidates.map((candidate) => (
              <Way key={candidate.known} candidate={candidate} info={info} sample={sample} labelled={labelled} />
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}

interface WayProps {
  candidate: Candidate;
  info: ModelInfo;
  sample: TrialSample;
  labelled: boolean;
}

function Way({ candidate: { known, weighed }, info, sample, labelled }: WayProps) {
  const one = tried.value.get(`${known}:0`);
  const worth = labelled ? weighed?.accuracy : weighed?.confidence;
  return (
    <tr data-testid="settle-way" data-known={known} data-worth={plain(worth)}>
      <th scope="row">{strings.value.opening.known[known]}</th>
      <td>
        <Seen one={one} info={info} sample={sample} />
      </td>
      <td>
        <Said one={one} />
      </td>
      <td>{worth === undefined ? "" : percent(worth)}</td>
    </tr>
  );
}

/** The image as the network sees it; its place is kept until it is there. */
function Seen({ one, info, sample }: { one: Tried | undefined; info: ModelInfo; sample: TrialSample }) {
  if (!one || one.seen.length === 0) return <span class="settle-seen" />;
  const { height, width } = info;
  const label = strings.value.opening.seenOf(sampleText(sample));
  return <Picture pixels={one.seen} height={height} width={width} label={label} className="settle-seen" />;
}

function Said({ one }: { one: Tried | undefined }) {
  if (!one) return <span class="settle-said muted">…</span>;
  const [best] = one.predictions;
  if (!best) return <span class="settle-said muted">{strings.value.opening.blank}</span>;
  return (
    <span class="settle-said">
      <strong>{className(best.label)}</strong> <span class="muted">{sureness(best.p)}</span>
    </span>
  );
}
