/** The media type sealed into the object's context. */
export const FHIR_CONTENT_TYPE = 'application/fhir+json';
