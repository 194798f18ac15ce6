/** Tables for spreadsheets. */

/** Without it Excel takes a file for one in the system's old encoding, and every name that is not ASCII is broken. */
const BYTE_ORDER_MARK = "\ufeff";

/** RFC 4180: lines end in CRLF, quotes are doubled inside quotes. UTF-8, and said to be so. */
export function csvOf(rows: readonly (readonly (string | number)[])[]): string {
  return BYTE_ORDER_MARK + rows.map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

/** What a spreadsheet would take for a formula becomes text: names and labels come from files of anyone's. */
function field(value: string | number): string {
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
