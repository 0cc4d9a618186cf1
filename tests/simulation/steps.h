// What may happen in a schedule.
#pragma once

namespace hongyan::simulation {

class World;

// One thing, chosen by its weight; what takes longer goes on beside the schedule.
void act(World& world);

}  // namespace hongyan::simulation
