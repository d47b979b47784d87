/** What both hospitals have agreed may be asked: the results of one patient from one day on. */
export const templateFile = (templateId: string): object => ({
  templateId,
  version: 1,
  class: 'laboratory-report',
  dataLevel: 3,
  confidentiality: 'N',
  view: 'laboratory_results',
  parameters: [
    { name: 'patient', type: 'text' },
    { name: 'since', type: 'date' },
  ],
  columns: [
    { name: 'analyte', type: 'text' },
    { name: 'value', type: 'decimal' },
    { name: 'taken_on', type: 'date' },
  ],
  conditions: [
    { column: 'patient_number', is: 'equal', parameter: 'patient' },
    { column: 'taken_on', is: 'from', parameter: 'since' },
  ],
});
