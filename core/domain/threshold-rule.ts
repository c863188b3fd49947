/**
 * How the threshold of a version is chosen on the development patients. YOUDEN: the mean over patients of the threshold of the
 * greatest Youden index of each (paper, "Statistical analysis"). MAX_DICE: the greatest mean voxel Dice. SENSITIVE: the lowest that
 * keeps nine tenths of that Dice and admits no more false positives a case than the plan says.
 */
export type ThresholdRule = 'YOUDEN' | 'MAX_DICE' | 'SENSITIVE';
