package dev.behalf.web.site.security;

import static dev.behalf.server.security.AuthenticationScheme.ACTING;
import static dev.behalf.server.security.AuthenticationScheme.API_KEY;
import static dev.behalf.server.security.AuthenticationScheme.BEARER;
import static dev.behalf.server.security.AuthenticationScheme.CLIENT;
import static dev.behalf.server.security.AuthenticationScheme.PLATFORM;
import static dev.behalf.server.security.AuthenticationScheme.SESSION;
import static dev.behalf.server.security.AuthenticationScheme.SIGNATURE;
import static dev.behalf.server.security.AuthenticationScheme.WATCH_TOKEN;
import static org.springframework.http.HttpMethod.DELETE;
import static org.springframework.http.HttpMethod.GET;
import static org.springframework.http.HttpMethod.PATCH;
import static org.springframework.http.HttpMethod.POST;
import static org.springframework.http.HttpMethod.PUT;

import dev.behalf.server.security.AuthenticationScheme;
import dev.behalf.server.security.Route;
import dev.behalf.server.security.Scope;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;

/**
 * Every address of web-app, with its authentication schemes and its scope. An address that is not
 * listed is open to nobody. A test compares the list with the registered routes and calls each of
 * them.
 */
final class Routes {

  private static final Set<AuthenticationScheme> ANY = EnumSet.of(SESSION, API_KEY, BEARER, ACTING);

  /** Those who may have webhooks. */
  private static final Set<AuthenticationScheme> OWNERS =
      EnumSet.of(SESSION, API_KEY, BEARER, ACTING, PLATFORM);

  /** Those who may read a job: also a page with a token for this job alone. */
  private static final Set<AuthenticationScheme> WATCHING =
      EnumSet.of(SESSION, API_KEY, BEARER, ACTING, WATCH_TOKEN);

  static final List<Route> ALL =
      List.of(
          // The API, with any authentication scheme.
          api(POST, "/api/v1/jobs", Scope.JOBS_WRITE, "Queue a job").answering(202),
          api(GET, "/api/v1/jobs", Scope.JOBS_READ, "List jobs, newest first"),
          Route.api(
              WATCHING, GET, "/api/v1/jobs/{id}", Scope.JOBS_READ, "Get a job and its result"),
          api(
                  POST,
                  "/api/v1/jobs/{id}/watch-tokens",
                  Scope.JOBS_READ,
                  "Issue a token that reads the job for 15 minutes")
              .answering(201),
          Route.api(
              WATCHING,
              GET,
              "/api/v1/jobs/{id}/events",
              Scope.JOBS_READ,
              "Stream what happens to a job, as server-sent events"),
          api(POST, "/api/v1/jobs/{id}/cancellation", Scope.JOBS_WRITE, "Cancel a job"),
          api(POST, "/api/v1/jobs/{id}/retry", Scope.JOBS_WRITE, "Retry a failed job")
              .answering(202),
          api(POST, "/api/v1/batches", Scope.JOBS_WRITE, "Queue a file of jobs").answering(202),
          api(GET, "/api/v1/batches", Scope.JOBS_READ, "List batches, newest first"),
          api(GET, "/api/v1/batches/{id}", Scope.JOBS_READ, "Get a batch and its progress"),
          api(
              GET,
              "/api/v1/batches/{id}/results",
              Scope.JOBS_READ,
              "Download the outcome of each line, in the order of the file"),
          api(
              GET,
              "/api/v1/batches/{id}/results.csv",
              Scope.JOBS_READ,
              "Download the rows of the file, each with its outcome"),
          api(
                  POST,
                  "/api/v1/batches/{id}/cancellation",
                  Scope.JOBS_WRITE,
                  "Cancel the open jobs of a batch")
              .answering(202),
          api(GET, "/api/v1/operations", Scope.JOBS_READ, "List the operations that you may run"),
          api(GET, "/api/v1/operations/{name}", Scope.JOBS_READ, "Get an operation and its schema"),
          api(GET, "/api/v1/pauses", Scope.JOBS_READ, "List your pauses"),
          api(POST, "/api/v1/pauses", Scope.JOBS_WRITE, "Pause your jobs").answering(201),
          api(DELETE, "/api/v1/pauses/{id}", Scope.JOBS_WRITE, "Resume your jobs").answering(204),
          api(GET, "/api/v1/usage", Scope.USAGE_READ, "Get the usage of this month"),
          api(GET, "/api/v1/statements/{period}", Scope.USAGE_READ, "Get a monthly statement"),
          api(GET, "/api/v1/jobs/{id}/receipt", Scope.USAGE_READ, "Get the receipt of a job"),
          api(GET, "/api/v1/me", null, "Get the user of a credential"),
          api(GET, "/api/v1/keys", Scope.KEYS_READ, "List keys"),
          api(POST, "/api/v1/keys", Scope.KEYS_WRITE, "Issue a key; its text is shown once")
              .answering(201),
          api(
              GET,
              "/api/v1/keys/traffic",
              Scope.KEYS_READ,
              "List calls and refusals by key and day"),
          api(POST, "/api/v1/keys/revocation", Scope.KEYS_WRITE, "Revoke all keys"),
          api(GET, "/api/v1/keys/{id}", Scope.KEYS_READ, "Get a key"),
          api(
              GET,
              "/api/v1/keys/{id}/requests",
              Scope.KEYS_READ,
              "List the API requests of a key, newest first"),
          api(POST, "/api/v1/keys/{id}/disablement", Scope.KEYS_WRITE, "Disable a key"),
          api(DELETE, "/api/v1/keys/{id}/disablement", Scope.KEYS_WRITE, "Enable a disabled key"),
          api(POST, "/api/v1/keys/{id}/revocation", Scope.KEYS_WRITE, "Revoke a key"),
          api(POST, "/api/v1/keys/{id}/rotation", Scope.KEYS_WRITE, "Rotate a key").answering(201),
          api(DELETE, "/api/v1/keys/{id}/rotation", Scope.KEYS_WRITE, "Undo a rotation"),
          api(GET, "/api/v1/activity", Scope.KEYS_READ, "List the audit events of keys"),
          api(GET, "/api/v1/actors", Scope.KEYS_READ, "List who acts for you"),
          webhook(GET, "/api/v1/webhooks", Scope.WEBHOOKS_READ, "List webhooks"),
          webhook(
                  POST,
                  "/api/v1/webhooks",
                  Scope.WEBHOOKS_WRITE,
                  "Create a webhook; its secret is shown once")
              .answering(201),
          webhook(GET, "/api/v1/webhooks/{id}", Scope.WEBHOOKS_READ, "Get a webhook"),
          webhook(PATCH, "/api/v1/webhooks/{id}", Scope.WEBHOOKS_WRITE, "Update a webhook"),
          webhook(DELETE, "/api/v1/webhooks/{id}", Scope.WEBHOOKS_WRITE, "Delete a webhook")
              .answering(204),
          webhook(
              POST, "/api/v1/webhooks/{id}/disablement", Scope.WEBHOOKS_WRITE, "Disable a webhook"),
          webhook(
              DELETE,
              "/api/v1/webhooks/{id}/disablement",
              Scope.WEBHOOKS_WRITE,
              "Enable a disabled webhook"),
          webhook(
                  POST,
                  "/api/v1/webhooks/{id}/rotation",
                  Scope.WEBHOOKS_WRITE,
                  "Rotate the secret; the old one also signs for a day")
              .answering(201),
          webhook(
              DELETE,
              "/api/v1/webhooks/{id}/rotation",
              Scope.WEBHOOKS_WRITE,
              "Revoke the old secret"),
          webhook(
                  POST,
                  "/api/v1/webhooks/{id}/test-events",
                  Scope.WEBHOOKS_WRITE,
                  "Send a test event")
              .answering(202),
          webhook(
              GET,
              "/api/v1/webhooks/{id}/deliveries",
              Scope.WEBHOOKS_READ,
              "List deliveries, newest first"),
          webhook(
              GET,
              "/api/v1/webhooks/{id}/deliveries/{delivery}",
              Scope.WEBHOOKS_READ,
              "Get a delivery and its attempts"),
          webhook(
                  POST,
                  "/api/v1/webhooks/{id}/deliveries/{delivery}/replay",
                  Scope.WEBHOOKS_WRITE,
                  "Replay a delivery with the same event id")
              .answering(202),

          // The API of platforms, for their own users.
          platform(GET, "/api/v1/users", Scope.USERS_READ, "List your users"),
          platform(POST, "/api/v1/users", Scope.USERS_WRITE, "Create or change many users"),
          platform(GET, "/api/v1/users/{external_id}", Scope.USERS_READ, "Get a user"),
          platform(
              PUT, "/api/v1/users/{external_id}", Scope.USERS_WRITE, "Create or change a user"),
          platform(DELETE, "/api/v1/users/{external_id}", Scope.USERS_WRITE, "Delete a user")
              .answering(204),
          platform(
              POST, "/api/v1/users/{external_id}/disablement", Scope.USERS_WRITE, "Disable a user"),
          platform(
              DELETE,
              "/api/v1/users/{external_id}/disablement",
              Scope.USERS_WRITE,
              "Enable a disabled user"),

          // The API, without authentication.
          Route.api(
              EnumSet.of(AuthenticationScheme.NONE),
              POST,
              "/api/v1/leaked-keys",
              null,
              "Report leaked keys"),
          Route.api(
              EnumSet.of(AuthenticationScheme.NONE),
              GET,
              "/api/v1/leaked-keys/shape",
              null,
              "Get the key format for secret scanners"),
          Route.open(GET, "/api/v1/openapi.json"),

          // Public pages.
          Route.open(GET, "/"),
          Route.open(GET, "/signup"),
          Route.open(POST, "/signup"),
          Route.open(GET, "/signup/link"),
          Route.open(POST, "/signup/link"),
          Route.open(GET, "/password/forgotten"),
          Route.open(POST, "/password/forgotten"),
          Route.open(GET, "/password/link"),
          Route.open(POST, "/password/link"),
          Route.open(GET, "/signin"),
          Route.open(POST, "/signin"),
          Route.open(GET, "/signin/code"),
          Route.open(POST, "/signin/code"),
          Route.open(POST, "/signin/passkey/options"),
          Route.open(POST, "/signin/passkey"),
          Route.open(POST, "/signout"),
          Route.open(GET, "/docs/api"),
          Route.open(GET, "/docs"),
          Route.open(GET, "/docs/operations"),
          Route.open(GET, "/docs/operations/{name}"),
          Route.open(GET, "/docs/problems"),
          Route.open(GET, "/docs/problems/{code}"),
          Route.open(GET, "/shared/{token}"),
          Route.open(GET, "/receipts/check"),
          Route.open(POST, "/receipts/check"),
          Route.open(GET, "/.well-known/behalf-receipts.json"),
          Route.open(GET, "/*.css"),
          Route.open(GET, "/*.js"),
          Route.open(GET, "/favicon.svg"),
          Route.open(GET, "/favicon.ico"),

          // Sign-in with another provider, if one is configured.
          Route.open(GET, "/oauth2/authorization/{provider}"),
          Route.open(GET, "/login/oauth2/code/{provider}"),

          // Pages for signed-in users.
          page(GET, "/home"),
          page(POST, "/jobs", Scope.JOBS_WRITE),
          page(GET, "/jobs", Scope.JOBS_READ),
          page(GET, "/jobs/new", Scope.JOBS_WRITE),
          page(POST, "/jobs/preview", Scope.JOBS_WRITE),
          page(GET, "/jobs/rows", Scope.JOBS_READ),
          page(POST, "/jobs/selection/retry", Scope.JOBS_WRITE),
          page(POST, "/jobs/selection/cancellation", Scope.JOBS_WRITE),
          page(GET, "/jobs/bulk/new", Scope.JOBS_WRITE),
          page(POST, "/jobs/bulk", Scope.JOBS_WRITE),
          page(GET, "/jobs/bulk/{id}", Scope.JOBS_READ),
          page(GET, "/jobs/bulk/{id}/progress", Scope.JOBS_READ),
          page(GET, "/batches", Scope.JOBS_READ),
          page(GET, "/batches/new", Scope.JOBS_WRITE),
          page(POST, "/batches", Scope.JOBS_WRITE),
          page(GET, "/batches/{id}", Scope.JOBS_READ),
          page(GET, "/batches/{id}/progress", Scope.JOBS_READ),
          page(GET, "/batches/{id}/results", Scope.JOBS_READ),
          page(GET, "/batches/{id}/results.csv", Scope.JOBS_READ),
          page(GET, "/batches/uploads/{id}", Scope.JOBS_WRITE),
          page(POST, "/batches/uploads/{id}", Scope.JOBS_WRITE),
          page(POST, "/batches/uploads/{id}/removal", Scope.JOBS_WRITE),
          page(POST, "/jobs/pauses", Scope.JOBS_WRITE),
          page(POST, "/jobs/pauses/end", Scope.JOBS_WRITE),
          page(POST, "/jobs/views", Scope.JOBS_WRITE),
          page(POST, "/jobs/views/removal", Scope.JOBS_WRITE),
          page(GET, "/jobs/{id}", Scope.JOBS_READ),
          page(GET, "/jobs/{id}/view", Scope.JOBS_READ),
          page(GET, "/jobs/{id}/panel", Scope.JOBS_READ),
          page(POST, "/jobs/{id}/cancellation", Scope.JOBS_WRITE),
          page(POST, "/jobs/{id}/retry", Scope.JOBS_WRITE),
          page(GET, "/jobs/{id}/shares", Scope.JOBS_READ),
          page(POST, "/jobs/{id}/shares", Scope.JOBS_WRITE),
          page(POST, "/jobs/{id}/shares/{share}/removal", Scope.JOBS_WRITE),
          page(GET, "/jobs/{id}/receipt", Scope.USAGE_READ),
          page(GET, "/usage", Scope.USAGE_READ),
          page(GET, "/usage/panel", Scope.USAGE_READ),
          page(GET, "/billing", Scope.USAGE_READ),
          page(GET, "/billing/{period}", Scope.USAGE_READ),
          page(GET, "/billing/{period}/charges", Scope.USAGE_READ),
          page(GET, "/live", Scope.JOBS_READ),
          page(GET, "/keys", Scope.KEYS_READ),
          page(GET, "/keys/new", Scope.KEYS_READ),
          page(POST, "/keys", Scope.KEYS_WRITE),
          page(POST, "/keys/revocation", Scope.KEYS_WRITE),
          page(GET, "/keys/{id}", Scope.KEYS_READ),
          page(GET, "/keys/{id}/requests", Scope.KEYS_READ),
          page(POST, "/keys/{id}/disablement", Scope.KEYS_WRITE),
          page(POST, "/keys/{id}/disablement/end", Scope.KEYS_WRITE),
          page(POST, "/keys/{id}/revocation", Scope.KEYS_WRITE),
          page(GET, "/keys/{id}/rotation", Scope.KEYS_READ),
          page(POST, "/keys/{id}/rotation", Scope.KEYS_WRITE),
          page(POST, "/keys/{id}/rotation/end", Scope.KEYS_WRITE),
          page(POST, "/docs", Scope.KEYS_WRITE),
          page(GET, "/webhooks", Scope.WEBHOOKS_READ),
          page(GET, "/webhooks/new", Scope.WEBHOOKS_READ),
          page(POST, "/webhooks", Scope.WEBHOOKS_WRITE),
          page(GET, "/webhooks/try", Scope.WEBHOOKS_READ),
          page(POST, "/webhooks/try", Scope.WEBHOOKS_READ),
          page(GET, "/webhooks/{id}", Scope.WEBHOOKS_READ),
          page(POST, "/webhooks/{id}", Scope.WEBHOOKS_WRITE),
          page(POST, "/webhooks/{id}/disablement", Scope.WEBHOOKS_WRITE),
          page(POST, "/webhooks/{id}/disablement/end", Scope.WEBHOOKS_WRITE),
          page(POST, "/webhooks/{id}/rotation", Scope.WEBHOOKS_WRITE),
          page(POST, "/webhooks/{id}/rotation/end", Scope.WEBHOOKS_WRITE),
          page(POST, "/webhooks/{id}/removal", Scope.WEBHOOKS_WRITE),
          page(POST, "/webhooks/{id}/test-events", Scope.WEBHOOKS_WRITE),
          page(GET, "/webhooks/{id}/deliveries/{delivery}", Scope.WEBHOOKS_READ),
          page(POST, "/webhooks/{id}/deliveries/{delivery}/replay", Scope.WEBHOOKS_WRITE),
          page(GET, "/applications"),
          page(GET, "/applications/new"),
          page(POST, "/applications"),
          page(POST, "/applications/{id}/secret"),
          page(POST, "/applications/{id}/removal"),
          page(POST, "/applications/{id}/consent/end"),
          page(POST, "/applications/platforms/{id}/end"),
          page(GET, "/activity", Scope.KEYS_READ),
          page(GET, "/settings"),
          page(GET, "/address/link"),
          page(POST, "/address/link"),
          page(POST, "/settings/look"),
          page(POST, "/settings/password"),
          page(POST, "/settings/address"),
          page(POST, "/settings/address/confirmation"),
          page(GET, "/settings/second-factor"),
          page(POST, "/settings/second-factor"),
          page(POST, "/settings/second-factor/confirmation"),
          page(POST, "/settings/second-factor/recovery-codes"),
          page(POST, "/settings/second-factor/removal"),
          page(GET, "/settings/passkeys"),
          page(POST, "/settings/passkeys/options"),
          page(POST, "/settings/passkeys"),
          page(POST, "/settings/passkeys/{id}/removal"),
          page(GET, "/settings/retention"),
          page(POST, "/settings/retention"),
          page(POST, "/settings/leaks"),
          page(POST, "/settings/sessions/end"),
          page(POST, "/settings/sessions/{handle}/end"),
          page(GET, "/settings/archive"),
          page(POST, "/settings/archive"),
          page(POST, "/settings/deletion"),
          page(GET, "/ops", Scope.OPS_READ),
          page(GET, "/ops/queues", Scope.OPS_READ),
          page(POST, "/ops/pauses", Scope.OPS_WRITE),
          page(POST, "/ops/pauses/end", Scope.OPS_WRITE),
          page(GET, "/ops/fairness", Scope.OPS_READ),
          page(POST, "/ops/lanes", Scope.OPS_WRITE),
          page(GET, "/ops/workers", Scope.OPS_READ),
          page(GET, "/ops/engines", Scope.OPS_READ),
          page(GET, "/ops/operations", Scope.OPS_READ),
          page(POST, "/ops/operations", Scope.OPS_WRITE),
          page(GET, "/ops/operations/{name}", Scope.OPS_READ),
          page(POST, "/ops/operations/{name}/retirement", Scope.OPS_WRITE),
          page(GET, "/ops/dead", Scope.OPS_READ),
          page(POST, "/ops/dead/collection", Scope.OPS_WRITE),
          page(POST, "/ops/dead/discard", Scope.OPS_WRITE),
          page(POST, "/ops/failures/redrive", Scope.OPS_WRITE),
          page(POST, "/ops/failures/discard", Scope.OPS_WRITE),
          page(GET, "/ops/accounts", Scope.OPS_READ),
          page(POST, "/ops/accounts/invitations", Scope.OPS_WRITE),
          page(GET, "/ops/accounts/{id}", Scope.OPS_READ),
          page(POST, "/ops/accounts/{id}/quota", Scope.OPS_WRITE),
          page(POST, "/ops/accounts/{id}/permissions", Scope.OPS_WRITE),
          page(POST, "/ops/accounts/{id}/scopes", Scope.OPS_WRITE),
          page(POST, "/ops/accounts/{id}/disablement", Scope.OPS_WRITE),
          page(POST, "/ops/accounts/{id}/disablement/end", Scope.OPS_WRITE),
          page(POST, "/ops/accounts/{id}/acting/end", Scope.OPS_WRITE),
          page(POST, "/ops/accounts/{id}/second-factor/end", Scope.OPS_WRITE),
          page(POST, "/ops/accounts/{id}/deletion", Scope.OPS_WRITE),
          page(POST, "/ops/accounts/{id}/view", Scope.OPS_WRITE),
          page(GET, "/ops/platforms", Scope.OPS_READ),
          page(POST, "/ops/platforms", Scope.OPS_WRITE),
          page(POST, "/ops/platforms/{name}/rotation", Scope.OPS_WRITE),
          page(POST, "/ops/platforms/{name}/end", Scope.OPS_WRITE),
          page(POST, "/ops/view/end", Scope.OPS_READ),
          page(GET, "/ops/ledger", Scope.OPS_READ),
          page(POST, "/ops/ledger/check", Scope.OPS_WRITE),
          page(GET, "/ops/mails", Scope.OPS_READ),
          page(GET, "/ops/audit", Scope.OPS_READ),
          page(GET, "/oauth2/consent"),
          page(POST, "/oauth2/denial"),

          // The authorization server: its own filters answer.
          page(GET, "/oauth2/authorize"),
          page(POST, "/oauth2/authorize"),
          Route.at(CLIENT, POST, "/oauth2/token"),
          Route.at(CLIENT, POST, "/oauth2/revoke"),
          Route.at(CLIENT, POST, "/oauth2/introspect"),
          Route.open(GET, "/oauth2/jwks"),
          Route.open(GET, "/.well-known/oauth-authorization-server"),

          // Server to server.
          Route.at(SIGNATURE, POST, "/internal/v1/key-lookups"));

  private Routes() {}

  private static Route api(HttpMethod method, String path, @Nullable Scope scope, String summary) {
    return Route.api(ANY, method, path, scope, summary);
  }

  /** Returns a route to webhooks: a user's own or, for a platform as itself, the platform's. */
  private static Route webhook(HttpMethod method, String path, Scope scope, String summary) {
    return Route.api(OWNERS, method, path, scope, summary);
  }

  private static Route platform(HttpMethod method, String path, Scope scope, String summary) {
    return Route.api(EnumSet.of(PLATFORM), method, path, scope, summary);
  }

  private static Route page(HttpMethod method, String path) {
    return Route.at(SESSION, method, path);
  }

  /**
   * Returns a route to a page that needs a scope: no page gives back what an operator has taken
   * from a user.
   */
  private static Route page(HttpMethod method, String path, Scope scope) {
    return Route.api(EnumSet.of(SESSION), method, path, scope, "");
  }
}
