import { type FactNode, isCalledError, isFact, isNegated, type PatientGraph } from './nodes';
import { amountIn, analyteOf, isSameAmount } from './units';

/** One value of a test. */
export interface TrendPoint {
  readonly node: string;
  readonly millis: number;
  /** In the unit of the trend. */
  readonly amount: number;
  /** `<`, `>` and so on, where the value is only a bound. */
  readonly comparator: string;
  /** As the document says it. */
  readonly said: { readonly amount: number; readonly unit: string };
  readonly custodians: readonly string[];
}
/** A test over time, from all hospitals, in one unit. */
export interface Trend {
  readonly label: string;
  readonly codes: readonly string[];
  readonly unit: string;
  readonly points: readonly TrendPoint[];
  /** Results that no conversion leads to the unit: shown beside, never drawn as if they were. */
  readonly apart: readonly string[];
}

type Measured = FactNode & {
  readonly value: Extract<FactNode['value'], { readonly kind: 'quantity' }>;
  readonly time: NonNullable<FactNode['time']>;
};

/** Each test that has two values at least; in the unit in which most of them can be told, of several in the one that most are in. */
export function trendsOf({ nodes }: PatientGraph): readonly Trend[] {
  const byTest = new Map<string, Measured[]>();
  for (const node of nodes) {
    if (!isMeasured(node)) continue;
    const [code] = node.codes;
    const key = analyteOf(node.codes) ?? code;
    if (key !== undefined) byTest.set(key, [...(byTest.get(key) ?? []), node]);
  }
  return [...byTest.values()].map(trendOf).filter(({ points }) => points.length > 1);
}

function isMeasured(node: PatientGraph['nodes'][number]): node is Measured {
  return (
    isFact(node) &&
    !isNegated(node) &&
    !isCalledError(node) &&
    node.kind === 'result' &&
    node.value?.kind === 'quantity' &&
    node.time !== undefined
  );
}

function trendOf(of: readonly Measured[]): Trend {
  const [first] = of;
  const analyte = analyteOf(first?.codes ?? []);
  const unit = commonUnit(of, analyte);
  const converted = of.map((node) => ({ node, amount: amountIn(node.value, unit, analyte) }));
  const points = converted.flatMap(({ node: { id, value, time, sayings }, amount }) =>
    amount === undefined
      ? []
      : [
          {
            ...{ node: id, millis: time.millis, amount, comparator: value.comparator },
            said: { amount: value.amount, unit: value.unit },
            custodians: [...new Set(sayings.filter((saying) => saysValue(saying, value, analyte)).map(({ place }) => place.custodian))],
          },
        ],
  );
  return {
    label: first?.label ?? '',
    codes: [...new Set(of.flatMap(({ codes }) => codes))],
    unit,
    points: points.sort((one, other) => one.millis - other.millis),
    apart: converted.filter(({ amount }) => amount === undefined).map(({ node }) => node.id),
  };
}

/** Whether a source says the value that is drawn: who says another is no source of it. */
function saysValue({ value: said }: FactNode['sayings'][number], value: Measured['value'], analyte: string | undefined): boolean {
  return said?.kind === 'quantity' && isSameAmount(said, value, analyte);
}

function commonUnit(of: readonly Measured[], analyte: string | undefined): string {
  const counts = new Map<string, number>();
  for (const { value } of of) counts.set(value.unit, (counts.get(value.unit) ?? 0) + 1);
  const toldIn = (unit: string): number =>
    [...counts].reduce((sum, [other, many]) => sum + (amountIn({ amount: 1, unit: other }, unit, analyte) === undefined ? 0 : many), 0);
  const ranked = [...counts].map(([unit, many]) => ({ unit, many, told: toldIn(unit) }));
  ranked.sort((one, other) => other.told - one.told || other.many - one.many || (one.unit < other.unit ? -1 : 1));
  return ranked[0]?.unit ?? '';
}
