import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Refusal, RefusalCode } from "../../engine/protocol";
import { strings } from "../../i18n";
import { roughly, whole } from "../../i18n/format";
import {
  addFiles,
  cancelImport,
  dismissImported,
  exporting,
  exportOpen,
  imported,
  importing,
} from "../../store/own/importing";
import { mayWrite, openDataset, openId, samples } from "../../store/own/open";
import { csvOf } from "../../ui/csv";
import { saveFile } from "../../ui/download";
import { Icon } from "../../ui/icons";
import { incoming, takenFrom } from "../../ui/incoming";
import { fileNameOf } from "./file-name";

/** Of each reason, as many files are named on the page; the list that can be saved has all. */
const NAMED = 50;

/** Many files in at once, and the whole dataset out. */
export function InAndOut() {
  const { data } = strings.value;
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (folder.current) folder.current.webkitdirectory = true;
  }, []);
  const disabled = !mayWrite.value;
  const take = (taken: File[]) => void addFiles(incoming(taken), undefined);
  return (
    <div class="data-in-out">
      <button
        type="button"
        class="button"
        data-testid="dataset-import-open"
        title={data.importHint}
        disabled={disabled}
        onClick={() => files.current?.click()}
      >
        <Icon name="add" />
        {data.import}
      </button>
      <button type="button" class="button" disabled={disabled} onClick={() => folder.current?.click()}>
        <Icon name="open" />
        {data.folder}
      </button>
      <button
        type="button"
        class="button"
        data-testid="dataset-export"
        title={data.exportHint}
        aria-busy={exporting.value}
        disabled={exporting.value || samples.value.length === 0}
        onClick={() => void saveZip()}
      >
        <Icon name="download" />
        {exporting.value ? data.exporting : data.export}
      </button>
      <input
        ref={files}
        class="unseen"
        type="file"
        multiple
        data-testid="dataset-import"
        aria-label={data.import}
        tabIndex={-1}
        disabled={disabled}
        onChange={(event) => take(takenFrom(event))}
      />
      <input
        ref={folder}
        class="unseen"
        type="file"
        data-testid="dataset-folder"
        aria-label={data.folder}
        tabIndex={-1}
        disabled={disabled}
        onChange={(event) => take(takenFrom(event))}
      />
    </div>
  );
}

async function saveZip(): Promise<void> {
  const name = openDataset.peek()?.name ?? "";
  const zip = await exportOpen();
  if (zip) saveFile(zip, `${fileNameOf(name)}.zip`);
}

/** How far an import is, and what the last one gave. */
export function ImportNews() {
  if (importing.value) return <Progress />;
  const report = imported.value;
  if (!report || report.dataset !== openId.value || (report.added === 0 && report.refused.length === 0)) return null;
  return <Report added={report.added} refused={report.refused} cancelled={report.cancelled} />;
}

function Progress() {
  const { data, session } = strings.value;
  const { done = 0, total = 0, secondsLeft = null } = importing.value ?? {};
  return (
    <div class="card data-news" data-testid="dataset-progress" data-done={done} data-total={total}>
      <p>
        {total > 0 ? data.importing(whole(done), whole(total)) : data.importBegins}
        {secondsLeft !== null && ` · ${session.left(roughly(secondsLeft))}`}
      </p>
      <progress {...(total > 0 && { value: done })} max={total || 1} aria-label={data.importBegins} />
      <button type="button" class="button" data-testid="dataset-import-cancel" onClick={cancelImport}>
        {session.cancel}
      </button>
    </div>
  );
}

interface ReportProps {
  added: number;
  refused: readonly Refusal[];
  cancelled: boolean;
}

function Report({ added, refused, cancelled }: ReportProps) {
  const { data } = strings.value;
  return (
    <section
      class="card data-news"
      data-testid="dataset-report"
      data-added={added}
      data-refused={refused.length}
      aria-label={data.report.heading}
    >
      <div class="panel-head">
        <p role="status">
          {cancelled && `${data.report.cancelled} `}
          {data.report.added(added, whole(added))}
          {refused.length > 0 && ` ${data.report.refused(refused.length, whole(refused.length))}`}
        </p>
        <button type="button" class="icon-button" aria-label={strings.value.close} onClick={dismissImported}>
          <Icon name="close" />
        </button>
      </div>
      {refused.length > 0 && <Refused refused={refused} />}
    </section>
  );
}

function Refused({ refused }: { refused: readonly Refusal[] }) {
  const { data } = strings.value;
  return (
    <>
      {byReason(refused).map(([code, files]) => (
        <Reason key={code} code={code} count={files.length}>
          {files.slice(0, NAMED).map((file, place) => (
            <li key={`${place} ${file.path}`}>
              {file.path}
              {file.detail && <span class="muted"> · {file.detail}</span>}
            </li>
          ))}
          {files.length > NAMED && <li class="muted">{data.report.more(whole(files.length - NAMED))}</li>}
        </Reason>
      ))}
      <button
        type="button"
        class="button"
        data-testid="dataset-report-save"
        onClick={() => saveFile(new TextEncoder().encode(listOf(refused)), "hearth-not-imported.csv")}
      >
        <Icon name="download" />
        {data.report.save}
      </button>
    </>
  );
}

function byReason(refused: readonly Refusal[]): [RefusalCode, Refusal[]][] {
  const reasons = new Map<RefusalCode, Refusal[]>();
  for (const file of refused) {
    const alike = reasons.get(file.code);
    if (alike) alike.push(file);
    else reasons.set(file.code, [file]);
  }
  return [...reasons];
}

function Reason({ code, count, children }: { code: RefusalCode; count: number; children: ComponentChildren }) {
  const { reasons } = strings.value.data.report;
  return (
    <details class="data-reason" data-code={code}>
      <summary>
        {whole(count)} · {reasons[code] ?? reasons.unknown}
      </summary>
      <ul class="small">{children}</ul>
    </details>
  );
}

function listOf(refused: readonly Refusal[]): string {
  const { columns, reasons } = strings.peek().data.report;
  return csvOf([
    [columns.file, columns.code, columns.reason, columns.detail],
    ...refused.map(({ path, code, detail }) => [path, code, reasons[code] ?? reasons.unknown, detail ?? ""]),
  ]);
}
