package dev.behalf.operation;

import com.google.re2j.Pattern;
import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;

/**
 * Regular expressions by RE2, which match in time linear in the text: no pattern can be made slow.
 * In exchange they have no backreferences and no lookaround (<a
 * href="https://github.com/google/re2/wiki/Syntax">syntax</a>).
 */
final class LinearPatterns implements RegularExpressionFactory {

  @Override
  public RegularExpression getRegularExpression(String regex) {
    var pattern = Pattern.compile(regex);
    return text -> pattern.matcher(text).find();
  }
}
