package dev.behalf.web.identity.platforms;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.behalf.server.problem.StrictBody;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriUtils;

/** The API for a platform's own users. */
@RestController
@RequestMapping("/api/v1/users")
class UsersController {

  private static final int MAX_PAGE = 100;

  private final PlatformUsers users;
  private final UserImport imports;

  UsersController(PlatformUsers users, UserImport imports) {
    this.users = users;
    this.imports = imports;
  }

  /** A page of users; {@code next} is the cursor of the next page. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record UserList(List<PlatformUser> users, @Nullable String next) {}

  @GetMapping
  UserList list(
      PlatformCaller caller,
      @RequestParam(defaultValue = "") String cursor,
      @RequestParam(defaultValue = "50") int limit) {
    int size = Math.clamp(limit, 1, MAX_PAGE);
    var found = users.list(caller, cursor, size + 1);
    var page = found.subList(0, Math.min(size, found.size()));
    return new UserList(page, found.size() > size ? page.getLast().externalId() : null);
  }

  /** Creates or changes the users of a file, and answers with one line each. */
  @PostMapping(consumes = UserImport.TYPE, produces = UserImport.TYPE)
  void importAll(PlatformCaller caller, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    imports.run(caller, request, response);
  }

  @GetMapping("/{external_id}")
  PlatformUser find(PlatformCaller caller, @PathVariable("external_id") String externalId) {
    return users.get(caller, externalId);
  }

  /** Creates or changes a user; a repeated request changes nothing more. */
  @PutMapping("/{external_id}")
  ResponseEntity<PlatformUser> put(
      PlatformCaller caller,
      @PathVariable("external_id") String externalId,
      @StrictBody UserProperties body) {
    var put = users.put(caller, new PlatformUsers.Asked(externalId, body));
    return put.done() == PlatformUsers.Done.CREATED
        ? ResponseEntity.created(address(externalId)).body(put.user())
        : ResponseEntity.ok(put.user());
  }

  @DeleteMapping("/{external_id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(PlatformCaller caller, @PathVariable("external_id") String externalId) {
    users.delete(caller, externalId);
  }

  @PostMapping("/{external_id}/disablement")
  PlatformUser disable(PlatformCaller caller, @PathVariable("external_id") String externalId) {
    return users.disable(caller, externalId);
  }

  @DeleteMapping("/{external_id}/disablement")
  PlatformUser enable(PlatformCaller caller, @PathVariable("external_id") String externalId) {
    return users.enable(caller, externalId);
  }

  private static URI address(String externalId) {
    return URI.create(
        "/api/v1/users/" + UriUtils.encodePathSegment(externalId, StandardCharsets.UTF_8));
  }
}
