export { type FoldingRound, type FoldingSchedule, foldingSchedule } from './parameters/folding.ts'
export { PROFILES, type Profile, type ProfileName, profileNamed, type Regime } from './parameters/profile.ts'
export {
  type HeightShape,
  type ProofShape,
  type SoundnessReport,
  type SoundnessTerm,
  soundness,
} from './parameters/soundness.ts'
