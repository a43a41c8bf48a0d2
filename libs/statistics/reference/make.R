# What R says of the data sets that the specs of this library check themselves against.
#   Rscript libs/statistics/reference/make.R > libs/statistics/reference/r.json
#   npx biome format --write libs/statistics/reference/r.json
# The stored answers were made with the versions that stand in the file itself.
suppressPackageStartupMessages({
  library(survival)
  library(cmprsk)
  library(jsonlite)
})

codes <- c("censored", "event", "competing")
kinds <- c("plain", "log", "log-log")

# Heavy ties, three groups, two strata, both kinds of event at one time.
set.seed(20261)
tied <- data.frame(
  time = rpois(90, 7), event = sample(0:2, 90, TRUE, c(3, 4, 3)),
  group = rep(c("a", "b", "c"), 30), stratum = rep(c("x", "y"), each = 45)
)
tied$time <- tied$time + (tied$group == "c") * 2

datasets <- list(
  toy = data.frame(
    time = c(3, 6, 6, 9, 12, 15, 18, 18, 24, 30), event = c(1, 2, 1, 0, 1, 2, 1, 0, 0, 1),
    group = rep(c("a", "b"), 5), stratum = "all"
  ),
  aml = data.frame(time = aml$time, event = aml$status, group = as.character(aml$x), stratum = "all"),
  veteran = data.frame(
    time = veteran$time, event = veteran$status,
    group = as.character(veteran$celltype), stratum = as.character(veteran$trt)
  ),
  mgus2 = with(mgus2[1:120, ], data.frame(
    time = ifelse(pstat == 1, ptime, futime), event = ifelse(pstat == 1, 1, 2 * death),
    group = as.character(sex), stratum = ifelse(age < 70, "younger", "older")
  )),
  tied = tied
)

# The median as `print` gives it: where the limits of a curve are not monotone, `quantile` errs.
quantiles_of <- function(f) {
  q <- quantile(f, c(0.25, 0.5, 0.75))
  table <- summary(f)$table
  q$quantile[2] <- table[["median"]]
  q$lower[2] <- table[["0.95LCL"]]
  q$upper[2] <- table[["0.95UCL"]]
  q
}

survival_of <- function(d) {
  fits <- lapply(setNames(kinds, kinds), function(kind) survfit(Surv(time, event != 0) ~ 1, d, conf.type = kind))
  f <- fits$plain
  se <- ifelse(f$surv == 0, NA, f$surv * f$std.err)
  tau <- c(max(d$time) / 2, max(d$time))
  follow <- survfit(Surv(time, event == 0) ~ 1, d, conf.type = "log-log")
  list(
    time = f$time, atRisk = f$n.risk, ended = f$n.event, estimate = f$surv, standardError = se,
    limits = lapply(fits, function(f) list(lower = f$lower, upper = f$upper)),
    quantiles = lapply(fits, quantiles_of),
    mean = lapply(tau, function(t) {
      m <- summary(f, rmean = t)$table
      list(horizon = t, estimate = m[["rmean"]], standardError = m[["se(rmean)"]])
    }),
    followUp = quantile(follow, 0.5)
  )
}

incidence_of <- function(d) {
  f <- lapply(setNames(kinds, kinds), function(kind) {
    survfit(Surv(time, factor(event, 0:2, codes)) ~ 1, d, conf.type = kind)
  })
  lapply(setNames(2:3, c("event", "competing")), function(state) {
    list(
      time = f$plain$time, estimate = f$plain$pstate[, state], jackknife = f$plain$std.err[, state],
      limits = lapply(f, function(f) list(lower = f$lower[, state], upper = f$upper[, state]))
    )
  })
}

# The delta-method variance by its matrix form (Andersen, Borgan, Gill and Keiding 1993, IV.4.1.3).
delta_of <- function(d) {
  times <- sort(unique(d$time))
  sapply(times, function(t) {
    covariance <- matrix(0, 9, 9)
    at <- rev(times[times <= t])
    after <- diag(3)
    for (u in at) {
      n <- sum(d$time >= u)
      h <- c(sum(d$time == u & d$event == 1), sum(d$time == u & d$event == 2)) / n
      before <- diag(3)
      for (v in times[times < u]) {
        m <- sum(d$time >= v)
        g <- c(sum(d$time == v & d$event == 1), sum(d$time == v & d$event == 2)) / m
        before <- before %*% rbind(c(1 - sum(g), g), c(0, 1, 0), c(0, 0, 1))
      }
      increment <- matrix(0, 9, 9)
      # Entries of the increment's matrix by column: (1,1), (1,2) and (1,3) are the places 1, 4 and 7.
      v <- (diag(h) - h %o% h) / n
      transform <- rbind(-c(1, 1), c(1, 0), c(0, 1))
      increment[c(1, 4, 7), c(1, 4, 7)] <- transform %*% v %*% t(transform)
      move <- kronecker(t(after), before)
      covariance <- covariance + move %*% increment %*% t(move)
      after <- rbind(c(1 - sum(h), h), c(0, 1, 0), c(0, 0, 1)) %*% after
    }
    sqrt(pmax(0, covariance[4, 4]))
  })
}

log_rank_of <- function(test) {
  sum1 <- function(x) if (is.matrix(x)) rowSums(x) else x
  list(
    chiSquare = test$chisq, degreesOfFreedom = length(test$n) - 1,
    p = pchisq(test$chisq, length(test$n) - 1, lower.tail = FALSE),
    observed = sum1(test$obs), expected = sum1(test$exp)
  )
}

gray_of <- function(test) {
  lapply(setNames(1:2, c("event", "competing")), function(i) {
    if (i > nrow(test$Tests)) NULL else as.list(setNames(test$Tests[i, ], c("chiSquare", "p", "degreesOfFreedom")))
  })
}

answers <- lapply(datasets, function(d) {
  list(
    data = d, survival = survival_of(d), incidence = incidence_of(d), delta = delta_of(d),
    logRank = log_rank_of(survdiff(Surv(time, event != 0) ~ group, d)),
    stratified = log_rank_of(survdiff(Surv(time, event != 0) ~ group + strata(stratum), d)),
    gray = gray_of(cuminc(d$time, d$event, d$group)),
    grayStratified = gray_of(cuminc(d$time, d$event, d$group, d$stratum))
  )
})

at <- c(1e-300, 1e-20, 1e-8, 0.001, 0.025, 0.07, 0.2, 0.425, 0.5, 0.6, 0.925, 0.975, 0.995, 1 - 1e-10)
tail_at <- expand.grid(x = c(0, 1e-8, 0.01, 0.5, 1, 2.7, 3.841458820694124, 10, 40, 200, 700), df = c(1:6, 11, 30))
cat(toJSON(list(
  made = list(R = R.version.string, survival = format(packageVersion("survival")), cmprsk = format(packageVersion("cmprsk"))),
  normal = data.frame(p = at, z = qnorm(at)),
  chiSquare = cbind(tail_at, p = pchisq(tail_at$x, tail_at$df, lower.tail = FALSE)),
  answers = answers
), digits = I(15), dataframe = "columns", na = "null", auto_unbox = TRUE, null = "null"))
