import { describe, expect, test } from "vitest";
import { csvOf } from "./csv";

describe("a table opens in Excel as it is meant", () => {
  test("the file begins with UTF-8's byte order mark", () => {
    const bytes = new TextEncoder().encode(csvOf([["咖啡"]]));
    expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(new TextDecoder().decode(bytes)).toBe("咖啡\r\n");
  });

  test("commas, quotes and line breaks stay inside their field", () => {
    const csv = csvOf([
      ['my "best", cup', "two\nlines", 0.5],
      ["", "plain", -1],
    ]);
    expect(csv.slice(1)).toBe('"my ""best"", cup","two\nlines",0.5\r\n,plain,-1\r\n');
  });

  test("what looks like a formula is text", () => {
    expect(csvOf([["=1+1", "@x", "-y", "+z"]]).slice(1)).toBe("'=1+1,'@x,'-y,'+z\r\n");
  });
});
