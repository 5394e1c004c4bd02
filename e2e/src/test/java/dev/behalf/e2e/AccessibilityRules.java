package dev.behalf.e2e;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Page;
import java.util.List;

/** The rules of WCAG 2.2 AA that axe-core checks. */
final class AccessibilityRules {

  private static final List<String> LEVEL =
      List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa");

  private AccessibilityRules() {}

  /** Returns the rules that a page breaks. */
  static List<Rule> brokenOn(Page page) {
    // A page that a click led to may not have its style sheet yet.
    page.waitForLoadState();
    // In the page itself: axe-core need not open another one to merge the results of frames.
    return new AxeBuilder(page).withTags(LEVEL).setLegacyMode(true).analyze().getViolations();
  }
}
