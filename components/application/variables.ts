/**
 * Every variable the application reads, or its documents name, by container: the closed list behind the chart's
 * schema, so a misspelt one is refused. Source: CMBAgents/cmbcluster (feature/aws-support, commit 27019b7),
 * backend/config.py, helm/templates and nextjs-frontend/src.
 */
export const backendVariables = [
  ...["CLOUD_PROVIDER", "PROJECT_ID", "REGION", "ZONE"],
  ...["AWS_ACCOUNT_ID", "AWS_REGION", "EKS_CLUSTER_NAME", "ECR_REGISTRY_URL"],
  ...["S3_DATABASE_BUCKET", "S3_USER_BUCKET_PREFIX"],
  ...["CLUSTER_NAME", "NAMESPACE", "BASE_DOMAIN", "API_URL", "FRONTEND_URL", "USER_POD_SA_NAME"],
  ...["CLUSTER_ISSUER", "INGRESS_CLASS_NAME", "DATABASE_PATH", "DEFAULT_IMAGE"],
  ...["AUTH_PROVIDER", "GOOGLE_CLIENT_ID", "COGNITO_USER_POOL_ID", "COGNITO_CLIENT_ID", "COGNITO_ISSUER"],
  ...["ADMIN_EMAILS", "FIRST_USER_IS_ADMIN", "TRUSTED_DOMAINS", "TOKEN_EXPIRE_HOURS"],
  ...["AUTO_SHUTDOWN_CHECK_INTERVAL_MINUTES", "TLS_ENABLED", "SESSION_SECURE_COOKIES", "DEBUG", "DEV_MODE"],
  ...["ENABLE_SECURITY_HEADERS", "CSP_ENABLED", "FORWARDED_ALLOW_IPS"],
  ...["CSP_SCRIPT_SRC", "CSP_STYLE_SRC", "CSP_FONT_SRC", "CSP_IMG_SRC", "CSP_CONNECT_SRC"],
  ...["DATABASE_BUCKET", "REGISTRY_URL", "STORAGE_CLASS_NAME", "JWT_ALGORITHM", "RATE_LIMIT_ENABLED"],
  ...["REDIS_ENABLED", "REDIS_URL", "FREE_TIER_MAX_UPTIME_MINUTES", "MAX_INACTIVE_HOURS", "MAX_USER_PODS"],
  ...["PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"],
] as const;

/** One of {@link backendVariables}. */
export type BackendVariable = (typeof backendVariables)[number];

/** The same for the front end. */
export const frontendVariables = [
  ...["HOSTNAME", "PORT", "NEXTAUTH_URL", "API_URL", "NEXT_PUBLIC_API_URL", "NEXT_PUBLIC_API_DOMAIN"],
  ...["NEXT_PUBLIC_DOMAIN", "BASE_DOMAIN", "DEV_MODE", "ENABLE_SECURITY_HEADERS", "CSP_ENABLED"],
  ...["GOOGLE_CLIENT_ID", "COGNITO_CLIENT_ID", "COGNITO_ISSUER"],
] as const;

/** One of {@link frontendVariables}. */
export type FrontendVariable = (typeof frontendVariables)[number];

/** Variables that hold a secret and therefore come from a Secret object only. */
export const backendSecretVariables = [
  "SECRET_KEY",
  "FILE_ENCRYPTION_KEY",
  "GOOGLE_CLIENT_SECRET",
  "COGNITO_CLIENT_SECRET",
] as const;

/** The same for the front end. */
export const frontendSecretVariables = [
  "NEXTAUTH_SECRET",
  "GOOGLE_CLIENT_SECRET",
  "COGNITO_CLIENT_SECRET",
] as const;
