/** What a series is to the method (paper, "Imaging protocol"); BRAVO is the reference space in which labels are drawn. */
export const seriesRoles = ['T1_PRE', 'T1_POST', 'BRAVO', 'FLAIR', 'OTHER'] as const;
export type SeriesRole = (typeof seriesRoles)[number];

/** The four sequences of the network's input, in channel order. */
export const sequences = ['T1_PRE', 'T1_POST', 'BRAVO', 'FLAIR'] as const satisfies readonly SeriesRole[];
export type Sequence = (typeof sequences)[number];
