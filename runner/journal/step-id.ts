/** The id in the plan of a step as the journal names it: without the items of the loops that it stands in. */
export const stepOf = (step: string): string => step.replaceAll(/\[[^\]]*\]/gu, "");
