/** The R functions of scripts about time to an event: curves, log-rank test, Cox models. */

export const survivalPreamble = `
# ---- time to an event ---------------------------------------------------------------------------------------
suppressPackageStartupMessages(library(survival))

# Days from time zero, at most the horizon; a competing event before the event ends follow-up.
follow_up <- function(d, horizon) {
  since <- function(x) as.numeric(as.Date(x)) - as.numeric(as.Date(d$STARTDT))
  event <- since(d$EVENTDT)
  names_competing <- grep("^COMP[0-9]+DT$", names(d), value = TRUE)
  competing <- rep(NA_real_, nrow(d))
  for (name in names_competing) competing <- pmin(competing, since(d[[name]]), na.rm = TRUE)
  first <- !is.na(competing) & (is.na(event) | competing < event)
  time <- ifelse(first, competing, ifelse(!is.na(event), event, since(d$CENSDT)))
  happened <- !first & !is.na(event) & event <= horizon
  state <- ifelse(happened, 1, ifelse(first & competing <= horizon, 2, 0))
  time <- pmin(time, horizon)
  time[!is.na(d$UNDECFL) | is.na(d$STARTDT)] <- NA
  data.frame(time = time, event = as.numeric(happened), state = state)
}

# First time at which a step function lies at or below p; the middle of the plateau where it equals it.
step_quantile <- function(time, values, p = 0.5) {
  slack <- sqrt(.Machine$double.eps)
  for (k in seq_along(time)) {
    if (is.na(values[k])) next
    if (values[k] < p - slack) return(time[k])
    if (values[k] <= p + slack) {
      later <- which(seq_along(time) > k & !is.na(values) & values < p - slack)
      if (length(later) > 0) return((time[k] + time[later[1]]) / 2)
      if (is.na(values[length(time)])) return(NA)
      return((time[k] + time[length(time)]) / 2)
    }
  }
  NA
}

survival_part <- function(at, within, horizon, ticks) {
  followed <- follow_up(d, horizon)
  counted <- within & !is.na(followed$time)
  compare(at, "excluded", sum(sapply(columns, function(g) sum(g & within & is.na(followed$time)))))
  for (key in names(columns)) {
    own <- followed[columns[[key]] & counted, ]
    compare(at, paste0(key, ".n"), nrow(own))
    compare(at, paste0(key, ".events"), sum(own$event))
    fit <- if (nrow(own) > 0) survfit(Surv(time, event) ~ 1, data = own, conf.type = "log-log") else NULL
    end <- if (is.null(fit)) NULL else summary(fit, times = horizon, extend = TRUE)
    # A curve that ends earlier, with somebody still under observation, says nothing of the horizon.
    reaches <- !is.null(fit) && (max(own$time) >= horizon || min(fit$surv) == 0)
    compare(at, key, if (reaches) 100 * end$surv else NA)
    # Before the first event R has no limits on this scale; the report prints 1, which is the estimate.
    limit <- function(x) ifelse(is.na(x) & fit$surv == 1, 1, x)
    last <- function(x) x[max(which(fit$time <= horizon))]
    compare(at, paste0(key, ".lower"), if (reaches) last(limit(fit$lower)) else NA)
    compare(at, paste0(key, ".upper"), if (reaches) last(limit(fit$upper)) else NA)
    compare(at, paste0(key, ".median"), if (is.null(fit)) NA else quantile(fit, 0.5, conf.int = FALSE))
    # The limits where they first reach 1/2, as print() of the curve reads them.
    compare(at, paste0(key, ".medianLower"), if (is.null(fit)) NA else step_quantile(fit$time, limit(fit$lower)))
    compare(at, paste0(key, ".medianUpper"), if (is.null(fit)) NA else step_quantile(fit$time, limit(fit$upper)))
    for (i in seq_along(ticks)) {
      compare(at, paste0(key, ".risk", i), sum(own$time >= min(ticks[i], horizon)))
    }
  }
  present <- Filter(function(g) any(g & counted), columns)
  if (length(present) < 2) return(invisible())
  rows <- lapply(seq_along(present), function(i) cbind(followed[present[[i]] & counted, ], group = i))
  stacked <- do.call(rbind, rows)
  compare(at, "p", attempt(function() {
    if (sum(stacked$event) == 0) stop("no events")
    # Where at each event all who are left have it, or one group alone is left, the number expected is the number seen.
    varies <- any(sapply(unique(stacked$time[stacked$event == 1]), function(t) {
      left <- stacked$time >= t
      length(unique(stacked$group[left])) > 1 && sum(stacked$event[stacked$time == t]) < sum(left)
    }))
    if (!varies) return(1)
    fits <- survdiff(Surv(time, event) ~ group, data = stacked)
    # As survdiff counts: a group of which no event was expected has no degree of freedom.
    pchisq(fits$chisq, sum(fits$exp > 0) - 1, lower.tail = FALSE)
  }))
}

# ---- competing risks ----------------------------------------------------------------------------------------
# States: 0 censored, 1 the event, 2 and on what competes with it, in the order of the endpoint.
competing_follow_up <- function(d, horizon) {
  since <- function(x) as.numeric(as.Date(x)) - as.numeric(as.Date(d$STARTDT))
  all <- cbind(since(d$EVENTDT), sapply(grep("^COMP[0-9]+DT$", names(d), value = TRUE), function(name) since(d[[name]])))
  # Of two on one day the event itself counts, then the one that is written first.
  first <- apply(all, 1, function(x) if (all(is.na(x))) 0 else which.min(x))
  time <- ifelse(first == 0, since(d$CENSDT), all[cbind(seq_len(nrow(all)), pmax(first, 1))])
  state <- ifelse(is_true(time <= horizon), first, 0)
  time <- pmin(time, horizon)
  time[!is.na(d$UNDECFL) | is.na(d$STARTDT)] <- NA
  data.frame(time = time, state = state)
}

incidence_rows <- function(causes, horizon, ticks) {
  followed <- competing_follow_up(d, horizon)
  compare(0, "excluded", sum(sapply(columns, function(g) sum(g & is.na(followed$time)))))
  for (key in names(columns)) {
    own <- followed[columns[[key]] & !is.na(followed$time), ]
    fit <- NULL
    if (nrow(own) > 0) {
      fit <- survfit(Surv(time, factor(state, levels = 0:causes)) ~ 1, data = own)
    }
    reading <- if (is.null(fit)) NULL else summary(fit, times = horizon, extend = TRUE)
    for (i in seq_along(ticks)) compare(0, paste0(key, ".risk", i), sum(own$time >= min(ticks[i], horizon)))
    for (cause in seq_len(causes)) {
      at <- cause - 1
      compare(at, paste0(key, ".n"), nrow(own))
      compare(at, paste0(key, ".events"), sum(own$state == cause))
      estimate <- if (is.null(reading)) NA else reading$pstate[1, cause + 1]
      compare(at, key, 100 * estimate)
      compare(at, paste0(key, ".lower"), if (is.null(reading) || estimate == 0) NA else reading$lower[1, cause + 1])
      compare(at, paste0(key, ".upper"), if (is.null(reading) || estimate == 0) NA else reading$upper[1, cause + 1])
    }
  }
  present <- Filter(function(g) any(g & !is.na(followed$time)), columns)
  if (length(present) < 2) return(invisible())
  stacked <- do.call(rbind, lapply(seq_along(present), function(i) {
    cbind(followed[present[[i]] & !is.na(followed$time), ], group = i)
  }))
  for (cause in seq_len(causes)) {
    if (!requireNamespace("cmprsk", quietly = TRUE)) {
      not_computed(cause - 1, "p", "Gray's test needs the package cmprsk")
      next
    }
    compare(cause - 1, "p", attempt(function() {
      if (!any(stacked$state == cause)) stop("no events")
      tests <- cmprsk::cuminc(stacked$time, stacked$state, stacked$group, cencode = 0)$Tests
      tests[as.character(cause), "pv"]
    }))
  }
}

# ---- Cox models ---------------------------------------------------------------------------------------------
# Levels in which nobody had the event have no finite estimate and leave the model with their subjects, which is the limit
# of the likelihood; without an event at the reference level there is no model.
cox_model <- function(covariates, time, event, ties) {
  none <- list(estimates = list(), fit = NULL)
  kept <- !is.na(time)
  usable <- list()
  for (name in names(covariates)) {
    one <- covariates[[name]]
    if (is.null(one$codes)) {
      kept <- kept & !is.na(one$x)
      next
    }
    with_event <- one$codes[sapply(one$codes, function(code) any(event[!is.na(time)] & is_true(one$x[!is.na(time)] == code)))]
    if (!one$reference %in% with_event) return(none)
    usable[[name]] <- c(one$reference, setdiff(with_event, one$reference))
    kept <- kept & one$x %in% usable[[name]]
  }
  repeat {
    terms <- character(0)
    frame <- data.frame(time = time[kept], event = event[kept])
    empty <- FALSE
    for (name in names(covariates)) {
      one <- covariates[[name]]
      if (is.null(one$codes)) {
        frame[[name]] <- one$x[kept]
        terms <- c(terms, name)
        next
      }
      x <- one$x[kept]
      if (length(usable[[name]]) < 2) next
      # Another covariate may have taken all events of a level away.
      gone <- usable[[name]][sapply(usable[[name]], function(code) any(x == code) && !any(frame$event[x == code]))]
      if (length(setdiff(gone, one$reference)) > 0) {
        usable[[name]] <- setdiff(usable[[name]], gone)
        kept <- kept & one$x %in% usable[[name]]
        empty <- TRUE
        break
      }
      levels <- Filter(function(code) any(x == code), usable[[name]])
      if (length(levels) < 2) next
      frame[[name]] <- factor(x, levels = levels)
      terms <- c(terms, name)
    }
    if (!empty) break
  }
  if (length(terms) == 0) return(none)
  control <- coxph.control(eps = 1e-11, toler.chol = 1e-14, iter.max = 60)
  model <- as.formula(paste("Surv(time, event) ~", paste(terms, collapse = " + ")))
  fit <- tryCatch(suppressWarnings(coxph(model, data = frame, ties = ties, control = control)), error = function(e) NULL)
  if (is.null(fit)) return(none)
  list(fit = fit)
}

cox_estimate <- function(found, name, code = "") {
  if (is.null(found$fit)) return(c(NA, NA, NA, NA))
  term <- paste0(name, code)
  if (!term %in% names(coef(found$fit))) return(c(NA, NA, NA, NA))
  b <- coef(found$fit)[[term]]
  se <- sqrt(diag(vcov(found$fit)))[[term]]
  # An estimate that runs away is none.
  if (is.na(b) || abs(b) > 15 || se > 100 || se < 1e-9) return(c(NA, NA, NA, NA))
  z <- qnorm(0.975)
  c(exp(b), exp(b - z * se), exp(b + z * se), 2 * pnorm(-abs(b / se)))
}

cox_rows <- function(covariates, time, event, ties, univariable, multivariable) {
  whole <- if (multivariable) cox_model(covariates, time, event, ties) else NULL
  known <- !is.na(time)
  at <- 0
  for (name in names(covariates)) {
    one <- covariates[[name]]
    alone <- if (univariable) cox_model(covariates[name], time, event, ties) else NULL
    codes <- if (is.null(one$codes)) NA else one$codes
    if (length(codes) > 1) at <- at + 1
    for (code in codes) {
      own <- if (is.na(code)) known & !is.na(one$x) else known & is_true(one$x == code)
      compare(at, "n", sum(own))
      compare(at, "events", sum(event[own]))
      is_reference <- !is.na(code) && code == one$reference
      for (model in list(list(alone, ""), list(whole, ".multi"))) {
        if (is.null(model[[1]])) next
        estimate <- if (is_reference) rep(NA, 4) else cox_estimate(model[[1]], name, if (is.na(code)) "" else code)
        compare(at, paste0("hr", model[[2]]), estimate[1:3])
        if (!is_reference) compare(at, paste0("p", model[[2]]), estimate[4])
      }
      at <- at + 1
    }
  }
}
`
