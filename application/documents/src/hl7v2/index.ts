export { decodeText, encodeText, type Hl7Charset } from './charset';
export { heldAs } from './held-as';
export { type Delimiters, type Hl7Message, type Hl7Obstacle, type Hl7Segment, invalid, parseHl7 } from './message';
