export { classify } from './classify';
export { conclusionPartOf, isPart, type NoPart } from './conclusion-part';
export { displayFitOf, leaderOf } from './display-profile';
export { conclusionSections } from './profile-rules';
export { type PagePart, profileOfClass } from './profiles';
export { type Placed, withinDocument, type WithinDocument } from './within-document';
