import { type Json } from '@lianyi/domain';
import { isObject, itemsOf, type JsonObject, type Resource } from '@lianyi/documents/json-object';
import { type DocumentReading, humanName, plainText } from './reading';
import { type PageText } from './page';
import { words } from './words';

/** A point in time as the document has it, with its own offset: no page tells another hour than the hospital wrote. */
export function timeText(value: Json | undefined): string {
  const text = plainText(value);
  const [, date, minutes, seconds, offset] = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(:\d{2})?(?:\.\d+)?(Z|[+-]\d{2}:\d{2})?$/.exec(text) ?? [];
  if (date === undefined || minutes === undefined) return text;
  const second = seconds === undefined || seconds === ':00' ? '' : seconds;
  return `${date} ${minutes}${second}${offset === undefined ? '' : ` ${offset === 'Z' ? 'UTC' : offset}`}`;
}

/** From when to when; either may be open. */
export function periodText(period: Json | undefined): string {
  return isObject(period) ? `${timeText(period['start'])} – ${timeText(period['end'])}` : '';
}

/** A quantity: what compares it, its number as it was written, its unit. */
export function quantityText(value: Json | undefined): string {
  if (!isObject(value)) return '';
  return [numberOf(value), unitOf(value)].filter((text) => text !== '').join(' ');
}

export function numberOf({ comparator, value }: JsonObject): string {
  return `${plainText(comparator)}${plainText(value)}`;
}

export function unitOf({ unit, code }: JsonObject): string {
  return plainText(unit) || (plainText(code) === '1' ? '' : plainText(code));
}

export function rangeText(range: Json | undefined): string {
  if (!isObject(range)) return '';
  const [low, high] = [range['low'], range['high']].map((end) => (isObject(end) ? end : undefined));
  const unit = [low, high].map((end) => (end === undefined ? '' : unitOf(end))).find((text) => text !== '') ?? '';
  const numbers = low && high ? `${numberOf(low)}–${numberOf(high)}` : low ? `≥ ${numberOf(low)}` : high ? `≤ ${numberOf(high)}` : '';
  return [numbers, unit].filter((text) => text !== '').join(' ');
}

function ratioText({ numerator, denominator }: JsonObject): string {
  return [quantityText(numerator), quantityText(denominator)].filter((text) => text !== '').join(' / ');
}

/** The suffixes of `value[x]` and its like, and how each is written. */
const writers: Readonly<Record<string, (value: Json, reading: DocumentReading, from: Resource) => string>> = {
  Quantity: quantityText,
  Age: quantityText,
  Duration: quantityText,
  Range: rangeText,
  CodeableConcept: (value, reading) => reading.concept(value),
  Coding: (value, reading) => reading.concept(value),
  Period: periodText,
  Timing: (value, reading) => timingText(value, reading),
  Ratio: (value) => (isObject(value) ? ratioText(value) : ''),
  DateTime: timeText,
  Date: timeText,
  Instant: timeText,
  Time: timeText,
  Boolean: (value, reading) => reading.say(value === true ? { en: 'yes', zh: '是' } : { en: 'no', zh: '否' }),
  Reference: (value, reading, from) => reading.named(value, from),
  HumanName: (value) => (isObject(value) ? humanName(value) : ''),
  SampledData: (_value, reading) => reading.say({ en: 'a series of samples', zh: '采样数据' }),
};

/** The element of a choice that an object has, written: `value` finds `valueQuantity`. */
export function choiceText(reading: DocumentReading, object: JsonObject, choice: string, from: Resource): string {
  const [name, value] = Object.entries(object).find(([each]) => isChoice(each, choice)) ?? [];
  if (name === undefined || value === undefined) return '';
  return (writers[name.slice(choice.length)] ?? plainText)(value, reading, from);
}

function isChoice(name: string, choice: string): boolean {
  return name.startsWith(choice) && /^[A-Z]/.test(name.slice(choice.length));
}

const periodUnits: ReadonlyMap<string, PageText> = new Map(
  Object.entries({
    s: { en: 's', zh: '秒' },
    min: { en: 'min', zh: '分钟' },
    h: { en: 'h', zh: '小时' },
    d: { en: 'd', zh: '天' },
    wk: { en: 'wk', zh: '周' },
    mo: { en: 'mo', zh: '月' },
    a: { en: 'a', zh: '年' },
  }),
);

/** HL7's EventTiming, where a clinician would have to look it up; the others stay as they are written. */
const eventTimes: ReadonlyMap<string, PageText> = new Map(
  Object.entries({
    MORN: { en: 'in the morning', zh: '早晨' },
    NOON: { en: 'at noon', zh: '中午' },
    AFT: { en: 'in the afternoon', zh: '下午' },
    EVE: { en: 'in the evening', zh: '晚上' },
    NIGHT: { en: 'at night', zh: '夜间' },
    HS: { en: 'before sleep', zh: '睡前' },
    WAKE: { en: 'upon waking', zh: '起床时' },
    AC: { en: 'before meals', zh: '餐前' },
    ACM: { en: 'before breakfast', zh: '早餐前' },
    ACD: { en: 'before lunch', zh: '午餐前' },
    ACV: { en: 'before dinner', zh: '晚餐前' },
    C: { en: 'with meals', zh: '随餐' },
    CM: { en: 'with breakfast', zh: '早餐时' },
    CD: { en: 'with lunch', zh: '午餐时' },
    CV: { en: 'with dinner', zh: '晚餐时' },
    PC: { en: 'after meals', zh: '餐后' },
    PCM: { en: 'after breakfast', zh: '早餐后' },
    PCD: { en: 'after lunch', zh: '午餐后' },
    PCV: { en: 'after dinner', zh: '晚餐后' },
  }),
);

function eventTimeOf(reading: DocumentReading, code: string): string {
  const known = eventTimes.get(code);
  return known === undefined ? code : reading.say(known);
}

function frequencyText({ frequency, period, periodUnit }: JsonObject, reading: DocumentReading): string {
  if (frequency === undefined) return '';
  const unit = periodUnits.get(plainText(periodUnit)) ?? { en: plainText(periodUnit), zh: plainText(periodUnit) };
  const often = plainText(frequency);
  const length = plainText(period) === '1' ? '' : `${plainText(period)} `;
  return reading.say({ en: `${often} × every ${length}${unit.en}`, zh: `每 ${length}${unit.zh} ${often} 次` });
}

/** How often something is taken: as its code or words say, else as it is counted. */
export function timingText(value: Json | undefined, reading: DocumentReading): string {
  if (!isObject(value)) return '';
  const code = reading.concept(value['code']);
  if (code !== '') return code;
  const repeat = value['repeat'];
  if (!isObject(repeat)) return itemsOf(value['event']).map(timeText).join(', ');
  const { boundsPeriod } = repeat;
  const times = frequencyText(repeat, reading);
  const when = itemsOf(repeat['when'])
    .map((each) => eventTimeOf(reading, plainText(each)))
    .join(', ');
  return [times, when, periodText(boundsPeriod)].filter((text) => text !== '').join(', ');
}

/** How a medicine is taken: in the words of who prescribed it, or put together from what they coded. */
export function dosageText(dosage: JsonObject, reading: DocumentReading, from: Resource): string {
  const own = plainText(dosage['text']) || plainText(dosage['patientInstruction']);
  const doses = reading
    .parts(dosage['doseAndRate'])
    .map((each) => choiceText(reading, each, 'dose', from) || choiceText(reading, each, 'rate', from));
  const coded = [
    ...doses,
    timingText(dosage['timing'], reading),
    reading.concept(dosage['route']),
    reading.concept(dosage['site']),
    reading.concept(dosage['asNeededCodeableConcept']),
    dosage['asNeededBoolean'] === true ? reading.say({ en: 'as needed', zh: '必要时' }) : '',
    reading.concept(dosage['additionalInstruction']),
    dosage['maxDosePerPeriod'] === undefined
      ? ''
      : `≤ ${isObject(dosage['maxDosePerPeriod']) ? ratioText(dosage['maxDosePerPeriod']) : ''}`,
  ].filter((text) => text !== '');
  if (own === '') return coded.join(', ');
  return coded.length === 0 ? own : `${own} (${coded.join(', ')})`;
}

/** What stands beside an attachment: it is named, never opened nor fetched. */
export function attachmentText({ title, contentType, size, data, url, creation }: JsonObject, reading: DocumentReading): string {
  const bytes = typeof data === 'string' ? Math.floor((data.replace(/=+$/, '').length * 3) / 4) : size;
  const length = bytes === undefined ? '' : `${plainText(bytes)} ${reading.say(words.bytes)}`;
  const where = data === undefined && url !== undefined ? reading.say(words.notInDocument) : '';
  return [plainText(title), plainText(contentType), length, timeText(creation), where].filter((text) => text !== '').join(', ');
}

/** Notes of an element, with who wrote them and when. */
export function notesOf(value: Json | undefined, reading: DocumentReading, from: Resource): readonly string[] {
  return reading.parts(value).map((note) => {
    const who = [choiceText(reading, note, 'author', from), timeText(note['time'])].filter((text) => text !== '').join(', ');
    return who === '' ? plainText(note['text']) : `${plainText(note['text'])} (${who})`;
  });
}
