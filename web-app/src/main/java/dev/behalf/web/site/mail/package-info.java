/** Mails: written with what they tell, sent by any replica, told once. */
@NullMarked
package dev.behalf.web.site.mail;

import org.jspecify.annotations.NullMarked;
