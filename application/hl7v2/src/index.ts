export { type Hl7Config, hl7ConfigSchema, loadHl7Config } from './config';
export { startHl7 } from './start-hl7';
