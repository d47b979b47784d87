// Apart from the server: a patient's own archive has a summary too.
export { exactJson, exactText } from './resources/exact-json';
export { patientResourceOf } from './resources/patient-resource';
export { type OpenedSource, patientSummaryOf } from './resources/patient-summary';
