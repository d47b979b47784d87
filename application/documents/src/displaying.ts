export { classify } from './classify';
export { displayFitOf, leaderOf } from './display-profile';
export { conclusionSections } from './profile-rules';
export { type PagePart, profileOfClass } from './profiles';
export { withinDocument, type WithinDocument } from './within-document';
