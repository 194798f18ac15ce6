import type { JSX } from "preact";
import { Frac, Row } from "./mathml";

const Word = ({ of }: { of: string }) => <mi>{of}</mi>;

/** Refusing to answer, as in Chow 1970 and El-Yaniv & Wiener 2010 (selective classification). */
export const noneFormulas: Record<"refusedShare" | "answeredAccuracy", () => JSX.Element> = {
  refusedShare: () => (
    <mrow>
      <Row of="1−" />
      <Frac top={<Word of="A" />} bottom={<Word of="N" />} />
    </mrow>
  ),
  answeredAccuracy: () => <Frac top={<Word of="R" />} bottom={<Word of="A" />} />,
};
