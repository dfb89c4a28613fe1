export { type ArtifactReader, artifactKind, makeArtifact, openArtifact } from "./artifact.js";
export { bandit } from "./bandit/bandit.js";
export { loadBandit } from "./bandit/load-bandit.js";
export type {
  Bandit,
  BanditChoice,
  BanditMethod,
  BanditOptions,
  ChooseOptions,
} from "./bandit/types.js";
export { type BetaCalibrator, beta } from "./calibrate/beta.js";
export type { Calibrator, CalibratorEstimator, CalibratorKind } from "./calibrate/calibrator.js";
export { type IsotonicCalibrator, isotonic } from "./calibrate/isotonic.js";
export { type PlattCalibrator, platt } from "./calibrate/platt.js";
export {
  type BinaryClassifier,
  type BinaryClassifierFitOptions,
  type BinaryClassifierOptions,
  binaryClassifier,
} from "./classifier/binary-classifier.js";
export type { BinaryClassifierModel } from "./classifier/model.js";
export type { RaceResult } from "./classifier/race.js";
export { type KmeansModel, type KmeansOptions, kmeans } from "./cluster/kmeans.js";
export { matchClusters } from "./cluster/match.js";
export {
  type GaussianMixtureModel,
  type GaussianMixtureOptions,
  gaussianMixture,
} from "./cluster/mixture.js";
export type { ClusterEstimator, ClusterFitOptions, ClusterModel } from "./cluster/model.js";
export { adjustedRandIndex } from "./cluster/rand-index.js";
export { type RfmInput, type RfmRanks, rfmRanks } from "./cluster/rfm.js";
export { type Histogram, histogram, recount } from "./drift/histogram.js";
export { holm } from "./drift/holm.js";
export { populationStability, type Stability } from "./drift/population-stability.js";
export { type TwoSample, type TwoSampleOptions, twoSample } from "./drift/two-sample.js";
export { type Drivers, drivers } from "./drivers/drivers.js";
export { hourLevels } from "./drivers/hours.js";
export { type ColorName, colorName } from "./drivers/pixels/color-name.js";
export {
  type ImageFeatures,
  imageFeatures,
  imageLevels,
  type Pixels,
} from "./drivers/pixels/image-features.js";
export type {
  Driver,
  DriverReport,
  DriversOptions,
  DriverTrials,
  EvidenceGrade,
  NextTest,
} from "./drivers/types.js";
export { LearnError, type LearnErrorCode } from "./error.js";
export { alwaysValid } from "./experiment/always-valid.js";
export type { ExperimentData } from "./experiment/arms.js";
export type { SegmentEffect } from "./experiment/by-segment.js";
export { type ManyToOne, manyToOne } from "./experiment/dunnett.js";
export {
  type ArmEffect,
  type ArmResult,
  type ExperimentOptions,
  type ExperimentResult,
  experiment,
} from "./experiment/experiment.js";
export { falseDiscovery } from "./experiment/false-discovery.js";
export { groupSequential } from "./experiment/group-sequential.js";
export { type OutOfFoldOptions, outOfFold } from "./experiment/out-of-fold.js";
export { type Pooled, pool } from "./experiment/pool.js";
export {
  detectable,
  type ExperimentPlan,
  peopleNeeded,
  powerOf,
} from "./experiment/power.js";
export { type SampleRatio, sampleRatio } from "./experiment/sample-ratio.js";
export type {
  Effect,
  Looking,
  OutcomeKind,
  Verdict,
  VerdictKind,
} from "./experiment/types.js";
export {
  type DependencePoint,
  type PartialDependenceOptions,
  partialDependence,
} from "./explain/partial-dependence.js";
export {
  type ColumnImportance,
  type PermutationImportanceOptions,
  permutationImportance,
} from "./explain/permutation-importance.js";
export { checkCaps } from "./frequency/caps.js";
export { messageFrequency } from "./frequency/message-frequency.js";
export { nextAllowed } from "./frequency/next-allowed.js";
export type {
  Caps,
  CapViolation,
  FrequencyBudget,
  FrequencyEstimator,
  FrequencyEvidence,
  FrequencyLog,
  FrequencyModel,
  FrequencyOptions,
  FrequencyPlan,
  FrequencyValue,
  LocalClock,
  QuietHours,
  Send,
  VolumeCap,
} from "./frequency/types.js";
export { findLeaks, type Leak, type LeakOptions } from "./leakage/find-leaks.js";
export { type SingleColumn, singleColumns } from "./leakage/single-columns.js";
export type { LogisticModel, Term } from "./linear/additive.js";
export {
  type LogisticPathOptions,
  type LogisticRegressionOptions,
  logisticPath,
  logisticRegression,
} from "./linear/logistic-regression.js";
export { auc, averagePrecision } from "./metrics/auc.js";
export {
  type BootstrapOptions,
  type Interval,
  measure,
  pairedDifference,
} from "./metrics/bootstrap.js";
export { calibrationError, calibrationTable } from "./metrics/calibration.js";
export { liftAt } from "./metrics/lift.js";
export { brier, logLoss } from "./metrics/loss.js";
export type { Metric } from "./metrics/metric.js";
export type { NextOrderForecast } from "./next-order/forecast.js";
export type { GapParameters } from "./next-order/likelihood.js";
export {
  type NextOrderEstimator,
  type NextOrderModel,
  nextOrder,
} from "./next-order/next-order.js";
export type { OrderHistory } from "./next-order/summary.js";
export type {
  NextOrderBlend,
  NextOrderWeighing,
  NextPurchaseName,
} from "./next-order/weigh.js";
export { type OnnxSequenceOptions, onnxSequence } from "./onnx/onnx-sequence.js";
export {
  type OnnxTensor,
  type RecommenderOnnxOptions,
  recommenderInputs,
} from "./onnx/recommender-inputs.js";
export { type OnnxScorer, type OnnxScorerOptions, onnxScorer } from "./onnx/scorer.js";
export { type ExportedModel, toOnnx } from "./onnx/to-onnx.js";
export { type EvaluatePolicyOptions, evaluatePolicy } from "./policy/evaluate-policy.js";
export {
  type Draw,
  type Exploration,
  type ExplorationOptions,
  exploration,
  normalDraws,
  rateDraws,
  type Undecided,
} from "./policy/exploration.js";
export type {
  ActionProbabilities,
  DecisionLog,
  ExploredChoice,
  PolicyEstimator,
  PolicyEvaluation,
  Unsupported,
} from "./policy/types.js";
export { lapsePriors } from "./prior/lapse-priors.js";
export { type LapseInput, lapseSignals } from "./prior/lapse-signals.js";
export { type LogisticPriors, priorLogistic } from "./prior/prior-logistic.js";
export type { PriorLogisticModel } from "./prior/prior-model.js";
export type { Signal } from "./prior/signals.js";
export { type Random, random } from "./random.js";
export { type BlendOptions, type BlendPart, blend, blendFitted } from "./recommend/blend.js";
export { type EaseOptions, ease } from "./recommend/ease.js";
export {
  type EvaluateOptions,
  evaluateRecommendations,
  type RecommendationMetrics,
} from "./recommend/evaluate.js";
export { type IalsOptions, ials } from "./recommend/ials.js";
export { type ItemKnnOptions, itemKnn } from "./recommend/item-knn.js";
export { type PopularityOptions, popularity } from "./recommend/popularity.js";
export {
  fitRace,
  type NamedRecommender,
  type RacedRecommender,
  type RecommenderRace,
  type RecommenderRaceOptions,
  raceRecommenders,
} from "./recommend/race.js";
export { type Rp3betaOptions, rp3beta } from "./recommend/rp3beta.js";
export { type SequenceOptions, sequence } from "./recommend/sequence.js";
export { type SpectralOptions, spectral } from "./recommend/spectral.js";
export { splitInteractions } from "./recommend/split.js";
export type {
  History,
  Interactions,
  Recommendations,
  RecommenderEstimator,
  RecommenderFitOptions,
  RecommenderModel,
  RecommendOptions,
  SideFeatures,
} from "./recommend/types.js";
export type { Segment, SegmentationModel } from "./segment/model.js";
export {
  type SegmentationEstimator,
  type SegmentationFitOptions,
  type SegmentationOptions,
  segmentation,
} from "./segment/segmentation.js";
export type { Merge } from "./segment/ward.js";
export type { ColumnWords, Words } from "./segment/words.js";
export { normalCdf, normalQuantile } from "./special/normal.js";
export { takeRows } from "./table.js";
export type { TextEmbedding } from "./text/embedding.js";
export {
  type KeyTerm,
  type KeyTerms,
  type KeyTermsOptions,
  keyTerms,
} from "./text/key-terms.js";
export { languageOf } from "./text/language.js";
export { type AudienceCounts, type AudienceModel, audience } from "./text/lines/audience.js";
export {
  type LinePair,
  linePairs,
  lineSpread,
  lineWords,
  wordsAmong,
} from "./text/lines/compared.js";
export { controls } from "./text/lines/controls.js";
export type { LinePrior } from "./text/lines/few.js";
export type { LineModel, LineScore } from "./text/lines/line-model.js";
export type { PairAccuracy } from "./text/lines/pairs.js";
export {
  type SubjectLines,
  type SubjectLinesOptions,
  subjectLines,
} from "./text/lines/subject-lines.js";
export type { LineTrials } from "./text/lines/trials.js";
export type { WordEffect, WordEffects } from "./text/lines/word-effects.js";
export { type LintFinding, lintLine } from "./text/lint.js";
export { macroF1 } from "./text/macro-f1.js";
export { type Readability, readabilityOf } from "./text/readability.js";
export {
  type SentenceEmbedding,
  type SentenceEmbeddingOptions,
  sentenceEmbedding,
} from "./text/sentence-embedding.js";
export { type SimilarText, type SimilarTexts, similarTexts } from "./text/similar-texts.js";
export {
  type TextClassifier,
  type TextClassifierOptions,
  textClassifier,
} from "./text/text-classifier.js";
export type { Proven, TextAnswers, TextModel } from "./text/text-model.js";
export { sendTimes } from "./timing/send-times.js";
export { timeZoneClock } from "./timing/time-zone-clock.js";
export {
  type Activity,
  type BestOptions,
  type Counts,
  type HeldOut,
  type HourWindow,
  type Instants,
  type LocatedInstants,
  type NoPersonalTime,
  noPersonalTime,
  type Reaction,
  reactions,
  type Sends,
  type SendTimeEstimator,
  type SendTimeFitOptions,
  type SendTimeModel,
  type SendTimeOptions,
  type SendTimes,
  type TimeZoneClock,
  type TimingHistory,
  unknownDelay,
  weekHours,
  windowHours,
  type ZoneCandidate,
  type ZoneEstimator,
  type ZoneGuesses,
  type ZoneModel,
  type ZoneOptions,
} from "./timing/types.js";
export { allowedCells } from "./timing/windows.js";
export { zoneFromRhythm } from "./timing/zone-from-rhythm.js";
export type { Forest, ForestColumn } from "./tree/forest.js";
export { type GradientBoosting, gradientBoosting } from "./tree/gradient-boosting.js";
export type { BoostingModel, Importance } from "./tree/model.js";
export {
  type MulticlassBoosting,
  type MulticlassModel,
  multiclassBoosting,
} from "./tree/multiclass-boosting.js";
export type { BoostingOptions, GradientBoostingOptions, Objective } from "./tree/options.js";
export type { BoostingFitOptions } from "./tree/train.js";
export type {
  Artifact,
  Column,
  Estimator,
  Explanation,
  FitOptions,
  Model,
  Table,
} from "./types.js";
export { firstArm } from "./uplift/first-arm.js";
export { type GroupOptions, groupsOf, type UpliftGroup, upliftGroups } from "./uplift/groups.js";
export { type Compared, qini, upliftAt } from "./uplift/qini.js";
export type {
  ArmEffects,
  ArmUplift,
  UpliftEffects,
  UpliftEstimator,
  UpliftFitOptions,
  UpliftLearner,
  UpliftModel,
  UpliftOptions,
  UpliftRace,
  UpliftTrial,
} from "./uplift/types.js";
export { uplift } from "./uplift/uplift.js";
export { bgBb } from "./value/bg-bb.js";
export { bgNbd } from "./value/bg-nbd.js";
export { gammaGamma } from "./value/gamma-gamma.js";
export { levelFactor } from "./value/level-factor.js";
export { lifetimeValue } from "./value/lifetime-value.js";
export { mbgNbd } from "./value/mbg-nbd.js";
export { paretoNbd } from "./value/pareto-nbd.js";
export { purchaseCohorts } from "./value/purchase-cohorts.js";
export { purchaseCovariates } from "./value/purchase-covariates.js";
export type {
  CohortEstimator,
  CohortModel,
  Covariate,
  CovariateEffect,
  CovariateEstimator,
  CovariateModel,
  Factor,
  Intervals,
  LifetimeValue,
  PurchaseAnswers,
  PurchaseEstimator,
  PurchaseLimit,
  PurchaseModel,
  PurchaseModelName,
  PurchaseOptions,
  Purchases,
  SpendEstimator,
  Spending,
  SpendModel,
} from "./value/types.js";
export { answerCurve } from "./variants/curve.js";
export { loadVariantTest } from "./variants/load-variant-test.js";
export type {
  AnswerCurve,
  VariantBatch,
  VariantCounts,
  VariantStanding,
  VariantTest,
  VariantTestOptions,
  VariantVerdict,
} from "./variants/types.js";
export { variantTest } from "./variants/variant-test.js";
