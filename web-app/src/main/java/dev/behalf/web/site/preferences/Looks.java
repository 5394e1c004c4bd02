package dev.behalf.web.site.preferences;

import jakarta.servlet.http.HttpServletResponse;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Kept with the account, and in a cookie: the first byte of each page is right without asking. */
@Component
public class Looks {

  private final JdbcClient database;

  Looks(JdbcClient database) {
    this.database = database;
  }

  public void choose(UUID userId, Look look, HttpServletResponse response) {
    database
        .sql("update accounts.users set theme = ?, language = ?, time_zone = ? where id = ?")
        .params(look.theme(), look.language(), look.zone().getId(), userId)
        .update();
    LookCookie.write(look, response);
  }

  /** In this browser from now on, as in the others. */
  public void bring(UUID userId, HttpServletResponse response) {
    database
        .sql("select theme, language, time_zone from accounts.users where id = ?")
        .param(userId)
        .query(
            (row, index) ->
                Look.of(
                    row.getString("theme"), row.getString("language"), row.getString("time_zone")))
        .optional()
        .ifPresent(look -> LookCookie.write(look, response));
  }
}
