package dev.example.site;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;

/** The two people of the demo. A real site keeps its people in its database. */
@Component
class People implements UserDetailsService {

  private final List<Person> people;

  People(SiteSettings settings, PasswordEncoder encoder) {
    var password = settings.demoPassword();
    if (password.isEmpty()) {
      password = random();
      // Printed and not logged: log files are kept.
      System.out.println("Sign in as ada or grace. The password of both: " + password);
    }
    var hash = encoder.encode(password);
    people =
        List.of(
            new Person(1, "ada", "Ada Lovelace", hash),
            new Person(2, "grace", "Grace Hopper", hash));
  }

  private static String random() {
    var bytes = new byte[10];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public UserDetails loadUserByUsername(String username) {
    return people.stream()
        .filter(person -> person.username().equals(username))
        .findFirst()
        .orElseThrow(() -> new UsernameNotFoundException("Unknown user name."));
  }
}
