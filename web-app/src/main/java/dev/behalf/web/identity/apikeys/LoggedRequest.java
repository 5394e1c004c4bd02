package dev.behalf.web.identity.apikeys;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request to the API of web-app with a key. It holds no secret, no body and no query.
 *
 * @param id grows with time; the cursor of a list
 * @param route the route with its variables, such as {@code /api/v1/jobs/{id}}; null if no route
 *     has the address
 * @param code the code of the problem, if the response was one
 * @param durationMs time to the end of the response in ms
 * @param address the client's IP address
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LoggedRequest(
    long id,
    Instant at,
    String method,
    @Nullable String route,
    int status,
    @Nullable String code,
    long durationMs,
    String address) {}
