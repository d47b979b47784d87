import { UcumLhcUtils } from '@lhncbc/ucum-lhc';
import { type Value } from './facts/fact';

type Quantity = Extract<Value, { readonly kind: 'quantity' }>;

/** Grams of one mole, by what a LOINC code is about: between mass and amount of substance nothing else leads. */
const MOLECULAR_WEIGHTS: Readonly<Record<string, number>> = {
  glucose: 180.156,
  creatinine: 113.12,
  urea: 60.056,
  urate: 168.11,
  bilirubin: 584.66,
  cholesterol: 386.65,
  triglyceride: 885.4,
  calcium: 40.078,
};
/** LOINC codes that are the same quantity in mass and in moles: one trend, though never one result. */
const ANALYTES: Readonly<Record<string, readonly string[]>> = {
  glucose: ['2345-7', '14749-6', '2339-0', '15074-8', '1558-6', '14771-0'],
  creatinine: ['2160-0', '14682-9', '38483-4'],
  urea: ['3091-6', '22664-7'],
  urate: ['3084-1', '14933-6'],
  bilirubin: ['1975-2', '14631-6'],
  cholesterol: ['2093-3', '14647-2'],
  triglyceride: ['2571-8', '14927-8'],
  calcium: ['17861-6', '2000-8'],
};
const analyteByCode: ReadonlyMap<string, string> = new Map(
  Object.entries(ANALYTES).flatMap(([analyte, codes]) => codes.map((code) => [`http://loinc.org|${code}`, analyte] as const)),
);

/** What is measured, where mass and moles have codes of their own. */
export function analyteOf(codes: readonly string[]): string | undefined {
  return codes.map((code) => analyteByCode.get(code)).find((analyte) => analyte !== undefined);
}

/**
 * Units as UCUM writes them, but for its parentheses. Nothing else is asked about: the library prints what it cannot read on standard output, and who
 * writes words where a unit belongs may have written a patient's.
 */
const TERM = String.raw`(?:10[*^][+-]?[0-9]{1,3}|[1-9][0-9]{0,8}|(?:[A-Za-z%'*_]|\[[A-Za-z0-9_.'%/-]+\]){1,24}(?:[+-]?[1-9])?)(?:\{[^{}\s()[\]]{1,32}\})?|\{[^{}\s()[\]]{1,32}\}`;
const UNIT = new RegExp(`^/?(?:${TERM})(?:[./](?:${TERM})){0,5}$`);

/** A conversion costs some hundredths of a millisecond: of each pair of units it is made once, as factor or as not possible. */
const factors = new Map<string, number | undefined>();
const MOST_FACTORS = 10_000;

/** The amount in another unit, by UCUM; undefined: one is no unit of UCUM, or they measure different things. */
export function amountIn({ amount, unit }: Pick<Quantity, 'amount' | 'unit'>, wanted: string, analyte?: string): number | undefined {
  if (unit === wanted) return amount;
  const key = JSON.stringify([unit, wanted, analyte]);
  if (!factors.has(key)) {
    if (factors.size >= MOST_FACTORS) factors.clear();
    factors.set(key, factorOf(unit, wanted, analyte));
  }
  const factor = factors.get(key);
  return factor === undefined ? undefined : amount * factor;
}

/** Units whose zeros differ (Celsius and Fahrenheit) have no factor: they are not converted. */
function factorOf(unit: string, wanted: string, analyte: string | undefined): number | undefined {
  if (!UNIT.test(unit) || !UNIT.test(wanted)) return undefined;

  const weight = analyte === undefined ? undefined : MOLECULAR_WEIGHTS[analyte];
  const convert = (amount: number): number | undefined => {
    const options = weight === undefined ? {} : { molecularWeight: weight };
    const { status, toVal } = UcumLhcUtils.getInstance().convertUnitTo(unit, amount, wanted, options);
    return status === 'succeeded' && typeof toVal === 'number' ? toVal : undefined;
  };
  const [zero, one] = [convert(0), convert(1)];
  return zero === 0 ? one : undefined;
}

/**
 * Whether two results are one number, told in one unit or in two: what is converted is written with as many decimals as the other has.
 * @param analyte - as {@link analyteOf}
 */
export function isSameAmount(one: Quantity, other: Quantity, analyte?: string): boolean {
  if (one.comparator !== other.comparator) return false;
  if (one.unit === other.unit) return one.amount === other.amount;
  const there = amountIn(one, other.unit, analyte);
  const back = amountIn(other, one.unit, analyte);
  return there !== undefined && back !== undefined && (rounds(there, other.amount) || rounds(back, one.amount));
}

function rounds(converted: number, said: number): boolean {
  const [, decimals = ''] = String(said).split('.');
  return Number(converted.toFixed(Math.min(decimals.length, 20))) === said;
}
