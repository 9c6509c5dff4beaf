#include "World/PauseWatch.h"
#include "World/Admission.h"

using namespace xcs;

void PauseWatch::look(Gate &gate, Gate::Pause pause, int64_t now, const LastMoment &lastMoment,
                      const TooLong &tooLong) {
  const bool isAnother = end <= now;
  if (isAnother) {
    began = now;
    patient.clear();
  }
  end = pause.until;
  gate.forEachArrival(isAnother, [&](Applicant &applicant) {
    if (int64_t last = lastMoment(applicant, began); last != INT64_MAX)
      patient.emplace(last, applicant.queuePlace);
  });
  while (!patient.empty() && patient.begin()->first < end) {
    Applicant *applicant = gate.waitingIn(patient.begin()->second);
    patient.erase(patient.begin());
    if (applicant)
      tooLong(*applicant);
  }
}
