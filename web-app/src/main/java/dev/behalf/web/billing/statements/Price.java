package dev.behalf.web.billing.statements;

import java.math.BigDecimal;
import java.util.Currency;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** The price of 1,000 live units, such as {@code 0.25 EUR}, if an operator has set one. */
@Component
public class Price {

  private final @Nullable BigDecimal perThousand;
  private final String currency;

  Price(@Value("${behalf.price-per-1000-units:}") String price) {
    var parts = price.strip().split("\\s+", -1);
    if (price.isBlank()) {
      perThousand = null;
      currency = "";
    } else if (parts.length == 2) {
      perThousand = new BigDecimal(parts[0]);
      currency = Currency.getInstance(parts[1]).getCurrencyCode();
    } else {
      throw new IllegalArgumentException(
          "behalf.price-per-1000-units is an amount and a currency code, such as 0.25 EUR.");
    }
  }

  /** Returns the exact amount with at least two decimals; null without a price or for test. */
  public @Nullable String of(String environment, long units) {
    if (perThousand == null || !environment.equals("live")) {
      return null;
    }
    var amount = perThousand.multiply(BigDecimal.valueOf(units)).movePointLeft(3);
    var exact = amount.stripTrailingZeros();
    return exact.setScale(Math.max(2, exact.scale())).toPlainString() + " " + currency;
  }
}
