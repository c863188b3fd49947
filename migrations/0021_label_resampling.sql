-- A label that was sent on another grid than BRAVO's and brought onto it, because its sender asked for that: how, from which SEG, and what
-- became of each segment: {rule, sopInstanceUid, sha256, size, spacingMm, segments: [{sentNumber, number, voxelCountBefore, …}]}.
-- The revision's own SEG is then the one on BRAVO's grid.
alter table revision
  add column resampling jsonb,
  add check (resampling is null or seg_sha256 is not null);
