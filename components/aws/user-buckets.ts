/**
 * The buckets that the application makes, as ARN patterns. A name is `{constellation}-{term}-{8 hex}-{10 digits}`
 * and at most 43 characters long, so the shortening in the application's code never happens (CMBAgents/cmbcluster,
 * backend/cloud_providers/aws_provider.py, generate_cosmic_bucket_name). IAM has no character classes: one `?` a
 * character is as tight as a pattern can be, and a bucket must have both the word and the shape.
 */
function userBucketPattern(constellation: string): string {
  return `${constellation}-*-${"?".repeat(8)}-${"?".repeat(10)}`;
}

/** ARN pattern of the buckets whose names start with a constellation. */
export function userBucketArns(constellation: string): string {
  return `arn:aws:s3:::${userBucketPattern(constellation)}`;
}

/** ARN pattern of the objects in these buckets. */
export function userObjectArns(constellation: string): string {
  return `${userBucketArns(constellation)}/*`;
}
