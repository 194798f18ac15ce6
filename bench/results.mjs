// bench/results.json: benchmark → what it ran on → day → figures. A run elsewhere is recorded beside the others.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";

const file = new URL("results.json", import.meta.url);

export const machine = `${cpus()[0]?.model.trim()}, ${availableParallelism()} cores`;

/** Of one minute, before the benchmark adds its own: other work on the machine spoils figures. */
export const loadBefore = Number(loadavg()[0].toFixed(2));

export function record(benchmark, on, figures) {
  const results = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  const day = new Date().toISOString().slice(0, 10);
  results[benchmark] ??= {};
  results[benchmark][on] ??= {};
  results[benchmark][on][day] = { machine, loadBefore, ...figures };
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
}

export const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** To four digits: more would be noise. */
export const rounded = (value) => Number(value.toPrecision(4));

/** Cells as text, the first column to the left, the others to the right. */
export function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) {
    const cells = row.map((cell, column) => (column ? cell.padStart(widths[column]) : cell.padEnd(widths[0])));
    console.log(cells.join("  "));
  }
}
