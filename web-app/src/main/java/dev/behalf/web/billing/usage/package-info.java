/** Usage of the monthly quota: units used, units left and the forecast. */
@NullMarked
package dev.behalf.web.billing.usage;

import org.jspecify.annotations.NullMarked;
