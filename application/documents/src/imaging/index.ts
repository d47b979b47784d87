// Apart from the rest: who publishes images reads DICOM, and nobody else.
export { imagingIndexOf } from './dicom-index';
