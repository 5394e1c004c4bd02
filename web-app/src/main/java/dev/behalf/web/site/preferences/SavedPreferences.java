package dev.behalf.web.site.preferences;

import jakarta.servlet.http.HttpServletResponse;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Stores preferences with the account and in a cookie, so that the first byte of each page is right
 * without a query.
 */
@Component
public class SavedPreferences {

  private final JdbcClient database;

  SavedPreferences(JdbcClient database) {
    this.database = database;
  }

  public void choose(UUID userId, DisplayPreferences preferences, HttpServletResponse response) {
    database
        .sql("update accounts.users set theme = ?, language = ?, time_zone = ? where id = ?")
        .params(preferences.theme(), preferences.language(), preferences.zone().getId(), userId)
        .update();
    PreferencesCookie.write(preferences, response);
  }

  /** Writes the account's preferences to this browser's cookie, as in the user's other browsers. */
  public void bring(UUID userId, HttpServletResponse response) {
    database
        .sql("select theme, language, time_zone from accounts.users where id = ?")
        .param(userId)
        .query(
            (row, index) ->
                DisplayPreferences.of(
                    row.getString("theme"), row.getString("language"), row.getString("time_zone")))
        .optional()
        .ifPresent(preferences -> PreferencesCookie.write(preferences, response));
  }
}
