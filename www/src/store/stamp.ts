/** 20261123-190501-042: names in the order of time, whatever the language. */
export function stamp(time: Date): string {
  const digits = (n: number, length = 2) => String(n).padStart(length, "0");
  const day = `${time.getFullYear()}${digits(time.getMonth() + 1)}${digits(time.getDate())}`;
  const clock = `${digits(time.getHours())}${digits(time.getMinutes())}${digits(time.getSeconds())}`;
  return `${day}-${clock}-${digits(time.getMilliseconds(), 3)}`;
}
